//! What a token or a node is.

macro_rules! kinds {
    (
        tokens { $($token:ident $words:literal;)* }
        symbols { $($symbol:ident $text:literal;)* }
        keywords { $($keyword:ident $word:literal;)* }
        nodes { $($node:ident $what:literal;)* }
    ) => {
        /// What a token or a node is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum SyntaxKind {
            $(#[doc = $words] $token,)*
            $(#[doc = concat!("`", $text, "`")] $symbol,)*
            $(#[doc = concat!("`", $word, "`")] $keyword,)*
            $(#[doc = $what] $node,)*
        }

        impl SyntaxKind {
            /// Every symbol, with its text.
            pub const SYMBOLS: &'static [(&'static str, Self)] = &[$(($text, Self::$symbol)),*];

            /// The kind in words, as a message names it.
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$token => $words,)*
                    $(Self::$symbol => concat!("`", $text, "`"),)*
                    $(Self::$keyword => concat!("`", $word, "`"),)*
                    $(Self::$node => $what,)*
                }
            }

            /// The symbol that is written `text`.
            pub(crate) fn symbol(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$symbol),)*
                    _ => None,
                }
            }

            /// Whether it is a keyword.
            pub const fn is_keyword(self) -> bool {
                matches!(self, $(Self::$keyword)|*)
            }
        }
    };
}

kinds! {
    tokens {
        ByteOrderMark "the byte order mark";
        Whitespace "white space";
        LineComment "a comment";
        BlockComment "a block comment";
        DocComment "a doc comment";
        Unknown "something that the language does not have";
        Int "an integer";
        Float "a decimal number";
        Char "a character";
        Text "a text";
        TemplateStart "a text";
        TemplateMiddle "the end of an interpolation";
        TemplateEnd "the end of a text";
        Ident "a name";
        Reserved "a reserved word";
        Underscore "`_`";
        Eof "the end of the file";
    }
    symbols {
        LBrace "{"; RBrace "}"; LParen "("; RParen ")"; LBracket "["; RBracket "]";
        Unit "()"; MapStart "#{"; QuestionBracket "?[";
        Semicolon ";"; Comma ","; Colon ":"; ColonColon "::"; Arrow "=>";
        Dot "."; QuestionDot "?."; DotDot ".."; DotDotEq "..="; Question "?";
        Plus "+"; Minus "-"; Star "*"; Slash "/"; Percent "%"; StarStar "**";
        Shl "<<"; Shr ">>"; Amp "&"; Pipe "|"; Caret "^";
        AmpAmp "&&"; PipePipe "||"; QuestionQuestion "??"; Bang "!"; NotIn "!in";
        EqEq "=="; NotEq "!="; Lt "<"; Gt ">"; LtEq "<="; GtEq ">=";
        Eq "="; PlusEq "+="; MinusEq "-="; StarEq "*="; SlashEq "/="; PercentEq "%="; StarStarEq "**=";
        ShlEq "<<="; ShrEq ">>="; AmpEq "&="; PipeEq "|="; CaretEq "^=";
    }
    keywords {
        KwTrue "true"; KwFalse "false"; KwLet "let"; KwConst "const"; KwIf "if"; KwElse "else";
        KwSwitch "switch"; KwDo "do"; KwWhile "while"; KwUntil "until"; KwLoop "loop"; KwFor "for"; KwIn "in";
        KwFn "fn"; KwPrivate "private"; KwContinue "continue"; KwBreak "break"; KwReturn "return";
        KwThrow "throw"; KwTry "try"; KwCatch "catch"; KwImport "import"; KwExport "export"; KwAs "as";
    }
    nodes {
        Root "a script";
        Block "a block";
        ExpressionStatement "a statement";
        EmptyStatement "an empty statement";
        Let "a variable's definition";
        Assignment "an assignment";
        Function "a function's definition";
        Parameters "the parameters of a function";
        Import "an import";
        Export "an export";
        Return "a return";
        Throw "a throw";
        Break "a break";
        Continue "a continue";
        Try "a `try`";
        If "an `if`";
        While "a `while`";
        Loop "a `loop`";
        Do "a `do`";
        For "a `for`";
        Switch "a `switch`";
        Case "a case of a `switch`";
        Literal "a literal";
        Template "a text with interpolations";
        Interpolation "an interpolation";
        Array "an array";
        Map "a map";
        Entry "an entry of a map";
        Variable "a variable";
        This "`this`";
        Paren "an expression in brackets";
        Unary "an operator with one side";
        Binary "an operator with two sides";
        Call "a call";
        MethodCall "a call after a dot";
        Arguments "the arguments of a call";
        Property "a property";
        Index "an index";
        Closure "a closure";
        Error "something that could not be read";
    }
}

use SyntaxKind as K;

impl SyntaxKind {
    /// Whether the parser passes over it: white space, comments, what the lexer refused.
    pub const fn is_trivia(self) -> bool {
        matches!(self, K::ByteOrderMark | K::Whitespace | K::LineComment | K::BlockComment | K::DocComment | K::Unknown)
    }

    /// Whether it is a token, not a node.
    pub const fn is_token(self) -> bool {
        (self as u8) < K::Root as u8
    }

    /// Whether it is an expression's node.
    pub const fn is_expression(self) -> bool {
        !self.is_token()
            && (self as u8) >= K::If as u8
            && !matches!(self, K::Case | K::Interpolation | K::Entry | K::Arguments)
            || matches!(self, K::Block)
    }

    /// How tightly it binds as an operator between two values; 0 where it is none.
    pub const fn precedence(self) -> u8 {
        match self {
            K::PipePipe | K::Caret | K::Pipe => 30,
            K::AmpAmp | K::Amp => 60,
            K::EqEq | K::NotEq => 90,
            K::KwIn | K::NotIn => 110,
            K::Lt | K::LtEq | K::Gt | K::GtEq => 130,
            K::QuestionQuestion => 135,
            K::DotDot | K::DotDotEq => 140,
            K::Plus | K::Minus => 150,
            K::Star | K::Slash | K::Percent => 180,
            K::StarStar => 190,
            K::Shl | K::Shr => 210,
            _ => 0,
        }
    }

    /// Whether it assigns: `=` and the likes of `+=`.
    pub const fn is_assignment(self) -> bool {
        (self as u8) >= K::Eq as u8 && (self as u8) <= K::CaretEq as u8
    }

    /// Whether an expression can start with it.
    pub const fn starts_expression(self) -> bool {
        matches!(
            self,
            K::Int
                | K::Float
                | K::Char
                | K::Text
                | K::TemplateStart
                | K::Ident
                | K::Reserved
                | K::Unit
                | K::KwTrue
                | K::KwFalse
                | K::DotDot
                | K::DotDotEq
                | K::LBrace
                | K::LParen
                | K::LBracket
                | K::MapStart
                | K::KwIf
                | K::KwWhile
                | K::KwLoop
                | K::KwDo
                | K::KwFor
                | K::KwSwitch
                | K::Pipe
                | K::PipePipe
                | K::Minus
                | K::Plus
                | K::Bang
        )
    }

    /// Whether a statement starts with this keyword and no expression does.
    pub const fn starts_statement_only(self) -> bool {
        matches!(
            self,
            K::KwLet
                | K::KwConst
                | K::KwFn
                | K::KwPrivate
                | K::KwImport
                | K::KwExport
                | K::KwReturn
                | K::KwThrow
                | K::KwBreak
                | K::KwContinue
                | K::KwTry
        )
    }

    /// Whether it closes a bracket or an interpolation.
    pub const fn is_closer(self) -> bool {
        matches!(self, K::RBrace | K::RParen | K::RBracket | K::TemplateMiddle | K::TemplateEnd)
    }

    /// Whether a value can end with it, so that no other value may follow at once.
    pub(crate) const fn ends_operand(self) -> bool {
        matches!(
            self,
            K::Ident
                | K::Int
                | K::Float
                | K::Text
                | K::Char
                | K::RParen
                | K::RBracket
                | K::Unit
                | K::KwTrue
                | K::KwFalse
        )
    }

    /// Whether a `-` after it is a sign, not a subtraction.
    pub(crate) const fn precedes_sign(self) -> bool {
        self.precedence() > 0
            || self.is_assignment()
            || matches!(
                self,
                K::Semicolon
                    | K::Colon
                    | K::Comma
                    | K::LBrace
                    | K::LParen
                    | K::LBracket
                    | K::QuestionBracket
                    | K::TemplateStart
                    | K::TemplateMiddle
                    | K::Bang
                    | K::KwIf
                    | K::KwWhile
                    | K::KwUntil
                    | K::KwReturn
                    | K::KwThrow
            )
    }
}
