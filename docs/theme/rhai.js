// Colours the scripts of the book, which highlight.js does not know. It has run before this.
(() => {
    // The words of the language, written from the declarations by `APHEX_UPDATE=1 cargo test --test book`.
    const KEYWORDS = "true false let const if else switch do while until loop for in fn private continue break return throw try catch import export as";
    const FUNCTIONS = "stack environment pipeline github parallel sequence approval step secret slack webhook param warn fail assert";
    // end

    hljs.registerLanguage("rhai", ({ BACKSLASH_ESCAPE, C_BLOCK_COMMENT_MODE, C_LINE_COMMENT_MODE, C_NUMBER_MODE, QUOTE_STRING_MODE }) => {
        const words = { keyword: KEYWORDS, literal: "true false", built_in: FUNCTIONS };
        const key = { className: "attribute", begin: /\b[A-Za-z_]\w*(?=\s*:(?!:))/, relevance: 0 };
        const inside = { className: "subst", begin: /\$\{/, end: /\}/, keywords: words };
        const text = { className: "string", begin: /`/, end: /`/, contains: [BACKSLASH_ESCAPE, inside] };
        const parts = [C_LINE_COMMENT_MODE, C_BLOCK_COMMENT_MODE, QUOTE_STRING_MODE, text, C_NUMBER_MODE, key];
        inside.contains = parts;
        const declared = { className: "function", beginKeywords: "fn", end: /(?=\()/, contains: [{ className: "title", begin: /\w+/ }] };
        return { name: "Rhai", keywords: words, contains: [declared, ...parts] };
    });
    for (const block of document.querySelectorAll("code.language-rhai")) {
        hljs.highlightBlock(block);
    }
})();
