// The tokens that a regular expression cannot tell: nested comments, raw texts, what is inside texts, numbers, where a dot
// belongs to one or not by what follows it, and words, since a keyword is never a name.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType {
  STRING_CONTENT,
  UNCLOSED,
  TEMPLATE_CONTENT,
  RAW_STRING_START,
  RAW_STRING_CONTENT,
  RAW_STRING_END,
  LINE_COMMENT,
  BLOCK_COMMENT,
  DOC_COMMENT,
  INTEGER,
  FLOAT,
  IDENTIFIER,
  THIS,
  FIRST_KEYWORD,
  NOT_IN = FIRST_KEYWORD + 24,
  ERROR_SENTINEL,
};

// In the order of the grammar's externals.
static const char *const KEYWORDS[] = {
  "true", "false", "let", "const", "if", "else", "switch", "do", "while", "until", "loop", "for", "in", "fn", "private",
  "continue", "break", "return", "throw", "try", "catch", "import", "export", "as",
};

enum { KEYWORD_COUNT = sizeof(KEYWORDS) / sizeof(KEYWORDS[0]), LONGEST_WORD = 8 };
_Static_assert(FIRST_KEYWORD + KEYWORD_COUNT == NOT_IN, "every keyword has its token");

// How many `#` the raw text has that is being read.
typedef struct {
  uint32_t hashes;
} Scanner;

void *tree_sitter_aphex_external_scanner_create(void) {
  return ts_calloc(1, sizeof(Scanner));
}

void tree_sitter_aphex_external_scanner_destroy(void *payload) {
  ts_free(payload);
}

unsigned tree_sitter_aphex_external_scanner_serialize(void *payload, char *buffer) {
  memcpy(buffer, payload, sizeof(Scanner));
  return sizeof(Scanner);
}

void tree_sitter_aphex_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->hashes = 0;
  if (length == sizeof(Scanner)) {
    memcpy(scanner, buffer, sizeof(Scanner));
  }
}

static void advance(TSLexer *lexer) {
  lexer->advance(lexer, false);
}

static bool is_space(int32_t next) {
  return next == ' ' || next == '\t' || next == '\n' || next == '\r' || next == '\f';
}

static bool is_digit(int32_t next) {
  return next >= '0' && next <= '9';
}

static bool is_letter(int32_t next) {
  return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
}

static bool is_radix_digit(int32_t next, int32_t radix) {
  switch (radix) {
    case 'x': return is_digit(next) || (next >= 'a' && next <= 'f') || (next >= 'A' && next <= 'F');
    case 'o': return next >= '0' && next <= '7';
    default: return next == '0' || next == '1';
  }
}

// What stands after a text whose end is missing, up to the end of the line.
static bool may_follow_text(int32_t next) {
  return next != 0 && next < 0x80 && strchr(" \t,;)]}{#(", (int)next) != NULL;
}

// Up to a quote, an escape or the end of the line. Where the line ends first the text is not closed: it ends before the
// punctuation, and what follows is read.
static bool scan_string(TSLexer *lexer, bool may_be_unclosed) {
  bool found = false;
  bool kept = false;
  lexer->result_symbol = STRING_CONTENT;
  lexer->mark_end(lexer);
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
    if (lexer->lookahead == '"' || lexer->lookahead == '\\') {
      lexer->mark_end(lexer);
      return found;
    }
    bool ends = may_follow_text(lexer->lookahead) || lexer->lookahead == '\r';
    advance(lexer);
    found = true;
    if (!ends) {
      lexer->mark_end(lexer);
      kept = true;
    }
  }
  if (!kept) {
    lexer->result_symbol = UNCLOSED;
    return may_be_unclosed;
  }
  return true;
}

// Up to a backtick, `${`, or the escape `\${`.
static bool scan_template_content(TSLexer *lexer) {
  bool found = false;
  lexer->result_symbol = TEMPLATE_CONTENT;
  while (!lexer->eof(lexer) && lexer->lookahead != '`') {
    lexer->mark_end(lexer);
    if (lexer->lookahead == '\\') {
      advance(lexer);
    } else if (lexer->lookahead != '$') {
      advance(lexer);
      found = true;
      continue;
    }
    if (lexer->lookahead == '$') {
      advance(lexer);
      if (lexer->lookahead == '{') {
        return found;
      }
    }
    found = true;
  }
  lexer->mark_end(lexer);
  return found;
}

// `#"`, with any number of `#`.
static bool scan_raw_string_start(Scanner *scanner, TSLexer *lexer) {
  uint32_t hashes = 0;
  while (lexer->lookahead == '#') {
    advance(lexer);
    hashes++;
  }
  if (lexer->lookahead != '"') {
    return false;
  }
  advance(lexer);
  lexer->mark_end(lexer);
  scanner->hashes = hashes;
  lexer->result_symbol = RAW_STRING_START;
  return true;
}

// Passes the `"#` that ends the raw text; whether it stands here.
static bool pass_raw_string_end(const Scanner *scanner, TSLexer *lexer) {
  advance(lexer);
  for (uint32_t hashes = 0; hashes < scanner->hashes; hashes++) {
    if (lexer->lookahead != '#') {
      return false;
    }
    advance(lexer);
  }
  return true;
}

// What a raw text holds, or its end where nothing more stands before that.
static bool scan_raw_string_rest(Scanner *scanner, TSLexer *lexer) {
  bool found = false;
  lexer->result_symbol = RAW_STRING_CONTENT;
  while (!lexer->eof(lexer)) {
    lexer->mark_end(lexer);
    if (lexer->lookahead != '"') {
      advance(lexer);
    } else if (pass_raw_string_end(scanner, lexer)) {
      if (!found) {
        lexer->mark_end(lexer);
        scanner->hashes = 0;
        lexer->result_symbol = RAW_STRING_END;
      }
      return true;
    }
    found = true;
  }
  lexer->mark_end(lexer);
  return found;
}

// From after the `//`.
static bool scan_line_comment(TSLexer *lexer) {
  bool doc = lexer->lookahead == '!';
  if (lexer->lookahead == '/') {
    advance(lexer);
    doc = lexer->lookahead != '/';
  }
  while (!lexer->eof(lexer) && lexer->lookahead != '\n' && lexer->lookahead != '\r') {
    advance(lexer);
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = doc ? DOC_COMMENT : LINE_COMMENT;
  return true;
}

// From after the `/*`. One that is left open goes to the end of the text.
static bool scan_block_comment(TSLexer *lexer) {
  bool doc = false;
  int32_t before = 0;
  if (lexer->lookahead == '*') {
    before = '*';
    advance(lexer);
    doc = lexer->lookahead != '*' && lexer->lookahead != '/';
  }
  uint32_t depth = 1;
  while (depth > 0 && !lexer->eof(lexer)) {
    int32_t next = lexer->lookahead;
    advance(lexer);
    if (before == '/' && next == '*') {
      depth++;
      before = 0;
    } else if (before == '*' && next == '/') {
      depth--;
      before = 0;
    } else {
      before = next;
    }
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = doc ? DOC_COMMENT : BLOCK_COMMENT;
  return true;
}

static void pass_digits(TSLexer *lexer) {
  while (is_digit(lexer->lookahead) || lexer->lookahead == '_') {
    advance(lexer);
  }
}

static bool scan_number(TSLexer *lexer) {
  bool zero = lexer->lookahead == '0';
  lexer->result_symbol = INTEGER;
  advance(lexer);
  while (lexer->lookahead == '_') {
    advance(lexer);
  }
  int32_t radix = lexer->lookahead | 0x20;
  if (zero && (radix == 'x' || radix == 'o' || radix == 'b')) {
    advance(lexer);
    while (is_radix_digit(lexer->lookahead, radix) || lexer->lookahead == '_') {
      advance(lexer);
    }
    lexer->mark_end(lexer);
    return true;
  }
  pass_digits(lexer);
  lexer->mark_end(lexer);
  if (lexer->lookahead == '.') {
    // `1..2` is a range and `1.abs()` a call.
    advance(lexer);
    int32_t next = lexer->lookahead;
    if (lexer->eof(lexer) || next == '.' || next == '_' || is_letter(next)) {
      return true;
    }
    pass_digits(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = FLOAT;
  }
  if (lexer->lookahead == 'e' || lexer->lookahead == 'E') {
    advance(lexer);
    if (lexer->lookahead == '+' || lexer->lookahead == '-') {
      advance(lexer);
    } else if (!is_digit(lexer->lookahead)) {
      return true;
    }
    pass_digits(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = FLOAT;
  }
  return true;
}

static bool is_word(int32_t next) {
  return is_letter(next) || is_digit(next) || next == '_';
}

// `!in`, which is not the start of `!inside`.
static bool scan_not_in(TSLexer *lexer) {
  for (const char *next = "!in"; *next != '\0'; next++) {
    if (lexer->lookahead != *next) {
      return false;
    }
    advance(lexer);
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = NOT_IN;
  return !is_word(lexer->lookahead);
}

// A keyword where one may stand, or a name: letters, digits and `_`, with a letter before a digit.
static bool scan_word(TSLexer *lexer, const bool *valid_symbols) {
  char word[LONGEST_WORD + 1] = {0};
  uint32_t length = 0;
  bool starts = true;
  bool is_name = false;
  while (is_word(lexer->lookahead)) {
    if (starts && lexer->lookahead != '_') {
      starts = false;
      is_name = is_letter(lexer->lookahead);
    }
    if (length < LONGEST_WORD) {
      word[length] = (char)lexer->lookahead;
    }
    length++;
    advance(lexer);
  }
  lexer->mark_end(lexer);
  uint16_t symbol = IDENTIFIER;
  if (length <= LONGEST_WORD) {
    for (uint16_t keyword = 0; keyword < KEYWORD_COUNT; keyword++) {
      if (strcmp(word, KEYWORDS[keyword]) == 0) {
        symbol = FIRST_KEYWORD + keyword;
      }
    }
    if (strcmp(word, "this") == 0) {
      symbol = THIS;
    }
  }
  lexer->result_symbol = symbol;
  return is_name && valid_symbols[symbol];
}

bool tree_sitter_aphex_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  Scanner *scanner = payload;
  // After a mistake everything counts as valid, and what is inside a text cannot be told from what is outside.
  bool recovering = valid_symbols[ERROR_SENTINEL];
  if (!recovering) {
    if (valid_symbols[STRING_CONTENT]) {
      return scan_string(lexer, valid_symbols[UNCLOSED]);
    }
    if (valid_symbols[TEMPLATE_CONTENT]) {
      return scan_template_content(lexer);
    }
    if (valid_symbols[RAW_STRING_END]) {
      return scan_raw_string_rest(scanner, lexer);
    }
  }
  while (is_space(lexer->lookahead)) {
    lexer->advance(lexer, true);
  }
  if (lexer->lookahead == '/') {
    advance(lexer);
    if (lexer->lookahead == '/') {
      advance(lexer);
      return scan_line_comment(lexer);
    }
    if (lexer->lookahead == '*') {
      advance(lexer);
      return scan_block_comment(lexer);
    }
    return false;
  }
  if (lexer->lookahead == '#' && valid_symbols[RAW_STRING_START]) {
    return scan_raw_string_start(scanner, lexer);
  }
  if (is_digit(lexer->lookahead) && valid_symbols[INTEGER]) {
    return scan_number(lexer);
  }
  if (lexer->lookahead == '!' && valid_symbols[NOT_IN]) {
    return scan_not_in(lexer);
  }
  if (is_letter(lexer->lookahead) || lexer->lookahead == '_') {
    return scan_word(lexer, valid_symbols);
  }
  return false;
}
