/**
 * @file The grammar of aphex scripts, which are written in Rhai's syntax.
 *
 * It takes every text that aphex itself takes, and some more: what is wrong for another reason than its form (a reserved
 * word as a name, a key that stands twice) is for the language server to say.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// How tightly operators bind, from the table in src/syntax/kind.rs.
const PREC = {
  CLOSURE: -1,
  CLOSED: 1,
  ASSIGNMENT: 1,
  OR: 30,
  AND: 60,
  EQUAL: 90,
  IN: 110,
  COMPARE: 130,
  FALLBACK: 135,
  RANGE: 140,
  SUM: 150,
  PRODUCT: 180,
  POWER: 190,
  SHIFT: 210,
  UNARY: 220,
  POSTFIX: 230,
};

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '**=', '<<=', '>>=', '&=', '|=', '^='];

const KEYWORDS = [
  'true', 'false', 'let', 'const', 'if', 'else', 'switch', 'do', 'while', 'until', 'loop', 'for', 'in', 'fn', 'private',
  'continue', 'break', 'return', 'throw', 'try', 'catch', 'import', 'export', 'as',
];

/** A keyword, which the scanner tells from a name. */
const word = (/** @type {GrammarSymbols<string>} */ $, /** @type {string} */ text) => alias($[`_${text}`], text);

const RANGE = field('operator', choice('..', '..='));

/** Items between commas; one may follow the last. Written so that a comma that is missing can be put in. */
const listOf = (/** @type {RuleOrLiteral} */ item) => seq(repeat(seq(item, ',')), optional(item));

module.exports = grammar({
  name: 'aphex',

  // Comments nest, raw texts end with as many `#` as they started with, and whether a dot belongs to a number depends on
  // what follows it. Texts are here because a comment, which is looked for everywhere, must not be found in them. Words
  // are here so that a keyword is never taken for a name: a `let` after something unfinished starts a statement.
  // The order is that of `enum TokenType` in src/scanner.c.
  externals: $ => [
    $.string_content,
    $.unclosed,
    $._template_content,
    $._raw_string_start,
    $._raw_string_content,
    $._raw_string_end,
    $.line_comment,
    $.block_comment,
    $.doc_comment,
    $.integer,
    $.float,
    $.identifier,
    $.this,
    ...KEYWORDS.map(keyword => $[`_${keyword}`]),
    $._not_in,
    $._error_sentinel,
  ],

  extras: $ => [/[ \t\n\r\f]/, $.line_comment, $.block_comment, $.doc_comment],

  supertypes: $ => [$.expression],

  rules: {
    source_file: $ => optional($._statements),

    // Statements. -----------------------------------------------------------------------------------------------------

    // The last one needs no `;`: without it, it is the value of its block.
    _statements: $ => choice(
      seq(repeat1($._statement), optional($._open_statement)),
      $._open_statement,
    ),

    _statement: $ => choice(
      seq($._open_statement, ';'),
      $._closed_statement,
      $.function_definition,
      ';',
    ),

    _open_statement: $ => choice(
      $.expression,
      $.assignment,
      $.let_declaration,
      $.const_declaration,
      $.import_statement,
      $.export_statement,
      $._leave,
    ),

    // What ends with its own brace ends there: a `[`, `(` or `-` on the next line starts another statement.
    _closed_statement: $ => prec(PREC.CLOSED, choice($._block_expression, $.try_statement)),

    let_declaration: $ => seq(word($, 'let'), $._binding),
    const_declaration: $ => seq(word($, 'const'), $._binding),
    _binding: $ => prec.right(seq(
      field('name', $.identifier),
      optional(seq('=', field('value', $.expression))),
    )),

    assignment: $ => prec.right(PREC.ASSIGNMENT, seq(
      field('left', $.expression),
      field('operator', choice(...ASSIGNMENTS)),
      field('right', $.expression),
    )),

    function_definition: $ => seq(
      optional(word($, 'private')),
      word($, 'fn'),
      optional(seq(field('receiver', choice($.identifier, $.string)), '.')),
      field('name', $.identifier),
      field('parameters', $.parameters),
      field('body', $.block),
    ),

    parameters: $ => seq('(', listOf($.identifier), ')'),

    import_statement: $ => prec.right(seq(
      word($, 'import'),
      field('path', $.expression),
      optional(seq(word($, 'as'), field('alias', $.identifier))),
    )),

    export_statement: $ => prec.right(seq(
      word($, 'export'),
      choice(
        field('declaration', choice($.let_declaration, $.const_declaration)),
        seq(field('name', $.identifier), optional(seq(word($, 'as'), field('alias', $.identifier)))),
      ),
    )),

    _leave: $ => choice($.return_statement, $.throw_statement, $.break_statement, $.continue_statement),
    return_statement: $ => prec.right(seq(word($, 'return'), optional($.expression))),
    throw_statement: $ => prec.right(seq(word($, 'throw'), optional($.expression))),
    break_statement: $ => prec.right(seq(word($, 'break'), optional($.expression))),
    continue_statement: $ => word($, 'continue'),

    try_statement: $ => seq(word($, 'try'), field('body', $.block), field('handler', $.catch_clause)),
    catch_clause: $ => seq(
      word($, 'catch'),
      optional(seq('(', field('parameter', $.identifier), ')')),
      field('body', $.block),
    ),

    // Expressions. ----------------------------------------------------------------------------------------------------

    expression: $ => choice(
      $._literal,
      $.template_string,
      $.identifier,
      $.scoped_identifier,
      $.this,
      $.array,
      $.map,
      $.parenthesized_expression,
      $.unary_expression,
      $.binary_expression,
      $.range_expression,
      $.call_expression,
      $.member_expression,
      $.subscript_expression,
      $.closure_expression,
      $.do_expression,
      $._block_expression,
    ),

    _block_expression: $ => choice(
      $.block,
      $.if_expression,
      $.switch_expression,
      $.while_expression,
      $.loop_expression,
      $.for_expression,
    ),

    block: $ => seq('{', optional($._statements), '}'),

    if_expression: $ => seq(
      word($, 'if'),
      field('condition', $.expression),
      field('consequence', $.block),
      optional(field('alternative', $.else_clause)),
    ),
    else_clause: $ => seq(word($, 'else'), choice($.block, $.if_expression)),

    while_expression: $ => seq(word($, 'while'), field('condition', $.expression), field('body', $.block)),
    loop_expression: $ => seq(word($, 'loop'), field('body', $.block)),
    do_expression: $ => seq(
      word($, 'do'),
      field('body', $.block),
      choice(word($, 'while'), word($, 'until')),
      field('condition', $.expression),
    ),
    for_expression: $ => seq(
      word($, 'for'),
      choice(
        field('item', $.identifier),
        seq('(', field('item', $.identifier), ',', field('counter', $.identifier), ')'),
      ),
      word($, 'in'),
      field('iterable', $.expression),
      field('body', $.block),
    ),

    switch_expression: $ => seq(
      word($, 'switch'),
      field('value', $.expression),
      field('body', $.switch_body),
    ),
    switch_body: $ => seq(
      '{',
      repeat($.switch_arm),
      optional(alias($._last_switch_arm, $.switch_arm)),
      '}',
    ),
    switch_arm: $ => seq(
      $._case,
      choice(
        seq(field('body', $._open_statement), ','),
        seq(field('body', $._closed_statement), optional(',')),
      ),
    ),
    _last_switch_arm: $ => seq($._case, field('body', $._open_statement)),
    _case: $ => seq(
      choice(
        field('pattern', alias('_', $.wildcard)),
        seq(field('pattern', $._pattern), repeat(seq('|', field('pattern', $._pattern)))),
      ),
      optional($.guard),
      '=>',
    ),
    guard: $ => seq(word($, 'if'), field('condition', $.expression)),

    // A case is a value that is written out; `|` stands between two of them and is no operator there.
    _pattern: $ => choice(
      $._literal,
      alias($._signed_pattern, $.unary_expression),
      alias($._range_pattern, $.range_expression),
      $.array,
      $.map,
      $.parenthesized_expression,
      $.template_string,
      $.identifier,
      $.scoped_identifier,
    ),
    _signed_pattern: $ => seq(field('operator', choice('-', '+')), field('operand', $._number)),
    _range_pattern: $ => prec.left(choice(
      seq(field('start', $._range_end), RANGE, optional(field('end', $._range_end))),
      seq(RANGE, optional(field('end', $._range_end))),
    )),
    _range_end: $ => choice($._number, alias($._signed_pattern, $.unary_expression)),

    parenthesized_expression: $ => seq('(', $.expression, ')'),

    unary_expression: $ => prec(PREC.UNARY, seq(
      field('operator', choice('-', '+', '!')),
      field('operand', $.expression),
    )),

    binary_expression: $ => {
      const left = (/** @type {number} */ level, /** @type {RuleOrLiteral[]} */ ...operators) => prec.left(level, seq(
        field('left', $.expression),
        field('operator', choice(...operators)),
        field('right', $.expression),
      ));
      return choice(
        left(PREC.OR, '||', '|', '^'),
        left(PREC.AND, '&&', '&'),
        left(PREC.EQUAL, '==', '!='),
        left(PREC.IN, word($, 'in'), alias($._not_in, '!in')),
        left(PREC.COMPARE, '<', '<=', '>', '>='),
        prec.left(PREC.FALLBACK, seq(
          field('left', $.expression),
          field('operator', '??'),
          field('right', choice($.expression, $._leave)),
        )),
        left(PREC.SUM, '+', '-'),
        left(PREC.PRODUCT, '*', '/', '%'),
        prec.right(PREC.POWER, seq(
          field('left', $.expression),
          field('operator', '**'),
          field('right', $.expression),
        )),
        left(PREC.SHIFT, '<<', '>>'),
      );
    },

    // Either end may be left out.
    range_expression: $ => choice(
      prec.left(PREC.RANGE, seq(field('start', $.expression), RANGE, field('end', $.expression))),
      prec.right(PREC.RANGE, seq(field('start', $.expression), RANGE)),
      prec.left(PREC.RANGE, seq(RANGE, field('end', $.expression))),
      prec.right(PREC.RANGE, RANGE),
    ),

    // Only what has a name is called like a function; a closure is called with `f.call(…)`.
    call_expression: $ => prec(PREC.POSTFIX, choice(
      seq(
        field('function', choice($.identifier, $.scoped_identifier, $.member_expression)),
        field('arguments', $.arguments),
      ),
      seq(field('function', $.identifier), '!', field('arguments', $.arguments)),
    )),
    arguments: $ => seq('(', listOf($.expression), ')'),

    member_expression: $ => prec(PREC.POSTFIX, seq(
      field('object', $.expression),
      choice('.', '?.'),
      field('property', alias($.identifier, $.property_identifier)),
    )),

    subscript_expression: $ => prec(PREC.POSTFIX, seq(
      field('object', $.expression),
      choice('[', '?['),
      field('index', $.expression),
      ']',
    )),

    scoped_identifier: $ => seq(
      field('path', choice($.identifier, $.scoped_identifier)),
      '::',
      field('name', $.identifier),
    ),

    closure_expression: $ => prec.right(PREC.CLOSURE, seq(
      field('parameters', $.closure_parameters),
      field('body', choice($._open_statement, $.try_statement)),
    )),
    closure_parameters: $ => choice('||', seq('|', listOf($.identifier), '|')),

    array: $ => seq('[', listOf($.expression), ']'),

    map: $ => seq('#{', listOf($.pair), '}'),
    pair: $ => seq(
      field('key', choice(
        alias($.identifier, $.property_identifier),
        $.string,
        $.raw_string,
        $.template_string,
      )),
      ':',
      field('value', $.expression),
    ),

    // Literals and words. ---------------------------------------------------------------------------------------------

    _literal: $ => choice($._number, $.boolean, $.unit, $.character, $.string, $.raw_string),

    _number: $ => choice($.integer, $.float),
    boolean: $ => choice(word($, 'true'), word($, 'false')),
    unit: _ => seq('(', ')'),

    // Several characters are a mistake that is better read than left open.
    character: _ => token(seq('\'', repeat(choice(/[^'\\\n]/, /\\[^\n]/, '\'\'')), '\'')),

    // One that is left open ends on its line, before the punctuation that stands there.
    string: $ => seq(
      '"',
      repeat(choice($.string_content, alias($._string_escape, $.escape_sequence))),
      choice(token.immediate('"'), $.unclosed),
    ),
    _string_escape: _ => token.immediate(choice(
      '""',
      /\\(\r?\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])/,
    )),

    raw_string: $ => seq(
      $._raw_string_start,
      optional(alias($._raw_string_content, $.string_content)),
      $._raw_string_end,
    ),

    template_string: $ => seq(
      '`',
      repeat(choice(
        alias($._template_content, $.string_content),
        alias($._template_escape, $.escape_sequence),
        $.template_substitution,
      )),
      token.immediate('`'),
    ),
    _template_escape: _ => token.immediate(choice('``', '\\${')),
    template_substitution: $ => seq(token.immediate('${'), optional($._statements), '}'),
  },
});
