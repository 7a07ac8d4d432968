; The commands of a build, of tests, of a rollback and of a step are lines of shell. `command` with `args` is none.

((pair
  key: (property_identifier) @_key
  value: (array
    [
      (string
        (string_content) @injection.content)
      (raw_string
        (string_content) @injection.content)
      (template_string
        (string_content) @injection.content)
    ]))
  (#any-of? @_key "build" "tests" "rollback" "commands")
  (#set! injection.language "bash"))

([
  (line_comment)
  (block_comment)
  (doc_comment)
] @injection.content
  (#set! injection.language "comment"))
