;;; aphex-mode.el --- Major mode for aphex scripts  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0
;; Author: The aphex authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages, tools

;;; Commentary:

;; Colours, indentation and an index for scripts `*.aphex', and what the
;; program `aphex' does with them: checking, formatting, the graph.  Eglot
;; finds the language server by itself.

;;; Code:

(require 'compile)
(require 'subr-x)

(defgroup aphex nil
  "Scripts that become delivery pipelines."
  :group 'languages)

(defcustom aphex-program "aphex"
  "The interpreter: a name that is looked for in variable `exec-path', or a path."
  :type 'string
  :risky t)

(defcustom aphex-indent-offset 4
  "How many columns a step of indentation has."
  :type 'integer
  :safe #'integerp)

;;; The words of the language.

(defconst aphex--keywords
  '("let" "const" "if" "else" "switch" "do" "while" "until" "loop" "for" "in" "fn" "private" "continue" "break"
    "return" "throw" "try" "catch" "import" "export" "as"))

(defconst aphex--reserved
  '(
    ;; reserved: written from the declarations
    "async" "await" "case" "default" "eval" "go" "goto" "is" "match" "module" "new" "nil" "null" "package"
    "protected" "public" "shared" "spawn" "static" "super" "sync" "thread" "use" "var" "void" "with" "yield"
    ;; end
    ))

(defconst aphex--functions
  '(
    ;; functions: written from the declarations
    "stack" "environment" "pipeline" "github" "parallel" "sequence" "approval" "step" "secret" "slack"
    "webhook" "param" "warn" "fail" "assert"
    ;; end
    ))

(defconst aphex--keys
  '(
    ;; keys: written from the declarations
    "account" "actions" "after" "annotations" "approval" "argo" "args" "artifacts" "before" "branch" "bucket"
    "build" "builder" "builder_role" "builder_service_account" "cdk_qualifier" "clone_token" "cluster"
    "command" "commands" "concurrency" "conditions" "cpu" "depends_on" "deploy" "deployer" "directory"
    "effect" "event_bus" "event_source" "events_namespace" "executor_role" "executor_service_account"
    "explicit_variables" "export_prefix" "headers" "identity" "image" "images" "kind" "labels" "memory" "mode"
    "name" "names" "namespace" "notifications" "notifier" "on" "path" "paths" "permissions"
    "permissions_boundary" "pin_images" "port" "pull_requests" "region" "resources" "retention" "retries"
    "rollback" "secret_store" "secrets" "self_update" "sensor" "source" "stack" "stacks" "stages" "tags"
    "tester" "tests" "timeout" "token" "type" "url" "validate" "validator" "variables" "verify"
    "webhook_secret" "workflow_prefix" "workflow_template"
    ;; end
    ))

;;; Texts and comments.

(defvar aphex-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23n" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (dolist (char '(?' ?` ?# ?+ ?- ?% ?& ?| ?^ ?! ?= ?< ?> ?$ ?? ?: ?. ?, ?\;))
      (modify-syntax-entry char "." table))
    table)
  "Syntax table of `aphex-mode'.")

(defun aphex--put (start end property value)
  "Give the text from START to END the PROPERTY VALUE."
  (put-text-property start (min end (point-max)) property value))

(defun aphex--fence (start end)
  "Make one text of what is between START and END, whatever is in it."
  (aphex--put start (1+ start) 'syntax-table (string-to-syntax "|"))
  (aphex--put (1- end) end 'syntax-table (string-to-syntax "|")))

(defun aphex--skip-comment ()
  "Go from the start of a block comment to its end; they nest."
  (let ((depth 0))
    (while (and (or (zerop depth) (re-search-forward "/\\*\\|\\*/" nil 'move))
                (progn
                  (if (zerop depth)
                      (progn (forward-char 2) (setq depth 1))
                    (setq depth (+ depth (if (eq (char-before) ?*) 1 -1))))
                  (> depth 0))))))

(defun aphex--skip-template (inside)
  "Go from the start of a text in backticks to its end.
INSIDE says that it is a part of another one."
  (let ((start (point)) (closed nil))
    (forward-char)
    (while (and (not closed) (re-search-forward "``\\|`\\|\\\\\\${\\|\\${" nil 'move))
      (pcase (match-string 0)
        ("`" (setq closed t))
        ("${" (aphex--put (- (point) 2) (point) 'aphex-code 'brace)
         (aphex--scan (point-max) t))))
    (unless inside
      (when closed
        (aphex--fence start (point)))
      (unless closed
        (aphex--put start (1+ start) 'syntax-table (string-to-syntax "|")))
      (aphex--put start (point) 'syntax-multiline t)
      (let ((end (point)))
        (save-excursion
          (goto-char start)
          (while (search-forward "\\" end t)
            (aphex--put (1- (point)) (point) 'syntax-table (string-to-syntax "."))))))))

(defun aphex--skip-plain ()
  "Go from the start of a text in double quotes to its end.
The value is whether it is closed; one that is not ends with its line."
  (forward-char)
  (let ((state nil))
    (while (not state)
      (skip-chars-forward "^\"\\\\\n")
      (pcase (char-after)
        (?\" (forward-char) (setq state 'closed))
        (?\\ (forward-char (if (eobp) 0 (min 2 (- (point-max) (point))))))
        (_ (setq state 'open))))
    (eq state 'closed)))

(defun aphex--scan (end inside)
  "Read code from point on, mark texts in it, and stop behind END.
INSIDE says that it is the code of a `${' in a text: it ends with its
brace, and its pieces are marked as code."
  (let ((depth 0) (code (point)) (done nil))
    (while (and (not done) (< (point) end)
                (re-search-forward "//\\|/\\*\\|#+\"\\|[\"`'{}]" nil 'move))
      (let ((start (match-beginning 0)) (word (match-string 0)))
        (if (member word '("{" "}"))
            (when inside
              (setq depth (+ depth (if (equal word "{") 1 -1)))
              (setq done (< depth 0)))
          (when inside
            (aphex--put code start 'aphex-code 'code))
          (goto-char start)
          (pcase word
            ("//" (end-of-line))
            ("/*" (aphex--skip-comment))
            ("`" (aphex--skip-template inside))
            ("\"" (unless (or (aphex--skip-plain) inside)
                    (unless (eobp) (forward-char))
                    (aphex--fence start (point))))
            ("'" (if (looking-at "'\\(?:\\\\.[^'\n]*\\|''\\|[^'\n]*\\)'")
                     (progn (goto-char (match-end 0))
                            (unless inside (aphex--fence start (point))))
                   (forward-char)))
            (_ (goto-char (match-end 0))
               (search-forward (concat "\"" (substring word 0 -1)) nil 'move)
               (unless inside
                 (aphex--fence start (point))
                 (aphex--put start (point) 'syntax-multiline t))))
          (when (and inside (member word '("//" "/*")))
            (aphex--put start (point) 'aphex-code 'comment))
          (setq code (point)))))
    (when inside
      (aphex--put code (if done (1- (point)) (point)) 'aphex-code 'code)
      (when done
        (aphex--put (1- (point)) (point) 'aphex-code 'brace)))))

(defun aphex--propertize (start end)
  "Mark texts and comments from START to END."
  (goto-char start)
  (let ((around (nth 8 (syntax-ppss))))
    (when around
      (goto-char around)))
  (remove-text-properties (point) end '(aphex-code nil))
  (aphex--scan end nil))

(defun aphex--syntactic-face (state)
  "The face of a text or comment that STATE is in."
  (cond ((nth 3 state) 'font-lock-string-face)
        ((save-excursion
           (goto-char (nth 8 state))
           (looking-at-p "//!\\|///\\(?:[^/]\\|$\\)\\|/\\*\\*[^*/]"))
         'font-lock-doc-face)
        (t 'font-lock-comment-face)))

;;; Colours.

(defconst aphex--gap "[[:space:]\n]*\\(?:/\\*\\(?:[^*]\\|\\*+[^*/]\\)*\\*+/[[:space:]\n]*\\)*"
  "What may be between a name and what makes it a key or a call.")

(defconst aphex--name "\\_<\\(_*[A-Za-z][A-Za-z0-9_]*\\)")

(defun aphex--search (regexp limit)
  "Find the code before LIMIT that REGEXP matches; its group 1 is what counts."
  (let ((found nil))
    (while (and (not found) (re-search-forward regexp limit t))
      (let ((at (match-beginning 1)))
        (goto-char (match-end 1))
        (setq found (save-match-data
                      (or (eq (get-text-property at 'aphex-code) 'code)
                          (not (nth 8 (save-excursion (syntax-ppss at)))))))))
    found))

(defun aphex--rule (regexp face)
  "The rule that gives FACE to the code that group 1 of REGEXP matches."
  (list (lambda (limit) (aphex--search regexp limit)) 1 face t))

(defun aphex--search-embedded (limit)
  "Find a piece of code in a text before LIMIT."
  (let ((start (point)))
    (unless (get-text-property start 'aphex-code)
      (setq start (next-single-property-change start 'aphex-code nil limit)))
    (when (< start limit)
      (let ((end (next-single-property-change start 'aphex-code nil limit)))
        (goto-char end)
        (set-match-data (list (copy-marker start) (copy-marker end)))
        t))))

(defun aphex--embedded-face ()
  "The face of what `aphex--search-embedded' has found."
  (pcase (get-text-property (match-beginning 0) 'aphex-code)
    ('comment 'font-lock-comment-face)
    ('brace 'font-lock-preprocessor-face)
    (_ 'default)))

(defun aphex--words (words)
  "A regular expression for one of WORDS, as group 1."
  (concat "\\_<" (regexp-opt words t) "\\_>"))

(defvar aphex-font-lock-keywords
  (let ((call (concat aphex--gap "!?" aphex--gap "("))
        (key (concat aphex--gap ":\\(?:[^:]\\|\\'\\)")))
    (list
     '(aphex--search-embedded 0 (aphex--embedded-face) t)
     (aphex--rule (concat aphex--name call) ''font-lock-function-name-face)
     (aphex--rule (concat (aphex--words aphex--functions) call) ''font-lock-builtin-face)
     (aphex--rule (concat aphex--name key) ''font-lock-variable-name-face)
     (aphex--rule (concat (aphex--words aphex--keys) key) ''font-lock-type-face)
     (aphex--rule (aphex--words aphex--reserved) ''font-lock-warning-face)
     (aphex--rule (aphex--words aphex--keywords) ''font-lock-keyword-face)
     (aphex--rule (aphex--words '("true" "false")) ''font-lock-constant-face)
     ;; `!in' is an operator.
     (aphex--rule "!\\(in\\)\\_>" ''default)))
  "What `aphex-mode' colours.")

;;; Indentation.

(defun aphex--base (bracket)
  "The indentation of the line that the one with BRACKET belongs to."
  (save-excursion
    (goto-char bracket)
    (let ((block (and (eq (char-after) ?{)
                      (progn (skip-chars-backward " \t")
                             (not (memq (char-before) '(?# ?|)))))))
      (back-to-indentation)
      ;; The block of a condition that goes on in this line stands below the line where the condition starts.
      (- (current-column) (if (and block (looking-at-p "&&\\|||")) aphex-indent-offset 0)))))

(defun aphex--indentation ()
  "The column of the text of this line; nil where it should stay."
  (save-excursion
    (back-to-indentation)
    (let* ((state (save-excursion (syntax-ppss (line-beginning-position))))
           (open (nth 9 state))
           (closers (save-excursion (skip-chars-forward "])}"))))
      (cond
       ((nth 8 state) nil)
       ((and open (> closers 0))
        ;; The brackets that end here go back to the line of the first of them that was opened.
        (aphex--base (nth (max 0 (- (length open) closers)) open)))
       (t
        (let ((base (if open (+ (aphex--base (car (last open))) aphex-indent-offset) 0))
              (leads (looking-at-p "\\??\\."))
              (block (looking-at-p "{")))
          (forward-comment (- (point)))
          ;; A block on a line of its own stands below the condition before it, however many lines that has.
          (if (and (not block) (or leads (not (memq (or (char-before) ?\;) '(?\; ?, ?{ ?\( ?\[ ?})))))
              (+ base aphex-indent-offset)
            base)))))))

(defun aphex-indent-line ()
  "Indent this line as `aphex fmt' does."
  (interactive)
  (let ((column (aphex--indentation)))
    (if (not column)
        'noindent
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

;;; What the program does.

(defun aphex--call (&rest arguments)
  "Run aphex with ARGUMENTS on this buffer's text.
The value is its status, what it printed and what it said of problems."
  (let ((said (make-temp-file "aphex")) (text (current-buffer)))
    (unwind-protect
        (with-temp-buffer
          (let* ((printed (current-buffer))
                 (status (with-current-buffer text
                           (save-restriction
                             (widen)
                             (let ((coding-system-for-read 'utf-8-unix) (coding-system-for-write 'utf-8-unix))
                               (apply #'call-process-region nil nil aphex-program nil (list printed said) nil
                                      arguments))))))
            (list status (buffer-string)
                  (with-temp-buffer (insert-file-contents said) (string-trim (buffer-string))))))
      (delete-file said))))

(defun aphex-format-buffer ()
  "Format this buffer as `aphex fmt' does.
A script that cannot be read stays as it is."
  (interactive)
  (pcase-let ((`(,status ,printed ,said) (aphex--call "fmt" "--message-format" "short" "-")))
    (if (not (eq status 0))
        (message "%s" said)
      (unless (equal printed (save-restriction (widen) (buffer-string)))
        (let ((formatted (generate-new-buffer " *aphex fmt*")))
          (unwind-protect
              (progn
                (with-current-buffer formatted (insert printed))
                (save-restriction
                  (widen)
                  (replace-buffer-contents formatted 1)))
            (kill-buffer formatted)))))))

(defun aphex-check ()
  "Check the script of this buffer.
Use `next-error' to go through the problems."
  (interactive)
  (compile (aphex--check-command)))

(defun aphex--check-command ()
  "The command to check this buffer's file."
  (mapconcat #'shell-quote-argument
             (list aphex-program "check" "--message-format" "short"
                   (if buffer-file-name (file-name-nondirectory buffer-file-name) "pipeline.aphex"))
             " "))

(defun aphex--show (name &rest arguments)
  "Show in a buffer NAME what aphex prints with ARGUMENTS."
  (with-current-buffer (get-buffer-create name)
    (let ((inhibit-read-only t))
      (erase-buffer)
      (apply #'call-process aphex-program nil t nil "--color" "never" arguments)
      (goto-char (point-min))
      (special-mode))
    (display-buffer (current-buffer))))

(defun aphex-graph ()
  "Show what the pipelines of this buffer's file will do, as a tree."
  (interactive)
  (unless buffer-file-name
    (user-error "This buffer has no file"))
  (aphex--show "*aphex graph*" "graph" buffer-file-name))

(defun aphex-explain (code)
  "Show the page of the kind of problem CODE."
  (interactive (list (read-string "Code of a problem: " (thing-at-point 'symbol t))))
  (aphex--show "*aphex explain*" "explain" code))

(defconst aphex--problem
  '(aphex "^\\([^:\n]+\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\)\\[" 1 2 3 (4)))

(add-to-list 'compilation-error-regexp-alist-alist aphex--problem)
(add-to-list 'compilation-error-regexp-alist 'aphex)

;;; The mode.

(defvar aphex-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'aphex-check)
    (define-key map (kbd "C-c C-f") #'aphex-format-buffer)
    (define-key map (kbd "C-c C-g") #'aphex-graph)
    (define-key map (kbd "C-c C-e") #'aphex-explain)
    map)
  "Keys of `aphex-mode'.")

(defvar aphex-imenu-expression
  (append
   (mapcar (lambda (kind)
             (list (cdr kind) (concat "^[^/\n]*\\_<" (car kind) "(\"\\([^\"\n]+\\)\"") 1))
           '(("environment" . "Environments") ("pipeline" . "Pipelines") ("stack" . "Stacks") ("step" . "Steps")))
   '(("Functions" "^\\(?:private +\\)?fn +\\([A-Za-z0-9_]+\\)" 1)
     ("Constants" "^\\(?:export +\\)?const +\\([A-Za-z0-9_]+\\)" 1)))
  "What `imenu' lists in a script.")

;;;###autoload
(define-derived-mode aphex-mode prog-mode "aphex"
  "Major mode for aphex scripts, which become delivery pipelines.

\\{aphex-mode-map}"
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "\\(?://+!?\\|/\\*+\\)[ \t]*")
  (setq-local parse-sexp-lookup-properties t)
  (setq-local parse-sexp-ignore-comments t)
  (setq-local syntax-propertize-function #'aphex--propertize)
  (add-hook 'syntax-propertize-extend-region-functions #'syntax-propertize-multiline 'append 'local)
  (setq-local font-lock-defaults
              '(aphex-font-lock-keywords nil nil nil (font-lock-syntactic-face-function . aphex--syntactic-face)))
  (setq-local indent-line-function #'aphex-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width aphex-indent-offset)
  (setq-local fill-column 120)
  (setq-local electric-indent-chars (append "})]." electric-indent-chars))
  (setq-local imenu-generic-expression aphex-imenu-expression)
  (setq-local imenu-case-fold-search nil)
  (setq-local compile-command (aphex--check-command)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.aphex\\'" . aphex-mode))

(defvar eglot-server-programs)

(defun aphex--contact (&rest _)
  "How to start the language server, for Eglot."
  (list aphex-program "lsp"))

;;;###autoload
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(aphex-mode . aphex--contact)))

(provide 'aphex-mode)
;;; aphex-mode.el ends here
