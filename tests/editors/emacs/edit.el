;;; edit.el --- Emacs opens scripts, and does what a person would  -*- lexical-binding: t; -*-

;;; Commentary:

;; $SCRIPTS lists scripts in the one style; $PROJECT is a copy of a project.

;;; Code:

(require 'ert)
(require 'eglot)
(require 'imenu)
(require 'cl-lib)

(defconst aphex-test-scripts
  (with-temp-buffer
    (insert-file-contents (getenv "SCRIPTS"))
    (split-string (buffer-string) "\n" t)))

(defun aphex-test-wait (condition)
  "Whether CONDITION becomes true within some seconds."
  (let ((end (+ (float-time) 10)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (accept-process-output nil 0.02))
    (funcall condition)))

(defun aphex-test-send ()
  "Tell the server what has changed, for which Emacs waits until nobody types."
  (eglot--signal-textDocument/didChange)
  (flymake-start))

(defun aphex-test-lines ()
  "The lines of the buffer."
  (split-string (buffer-substring-no-properties (point-min) (point-max)) "\n"))

(defun aphex-test-outside (position)
  "Whether the line at POSITION starts outside of texts and comments."
  (not (nth 8 (save-excursion (syntax-ppss position)))))

(ert-deftest aphex-knows-the-words-of-the-language ()
  (let ((words (with-temp-buffer
                 (insert-file-contents "editors/words.json")
                 (json-parse-buffer :object-type 'alist :array-type 'list))))
    (should (equal (sort (append '("true" "false") aphex--keywords) #'string<)
                   (sort (alist-get 'keywords words) #'string<)))
    (with-temp-buffer
      (aphex-mode)
      (dolist (word (alist-get 'callable words))
        (erase-buffer)
        (insert word "(1)")
        (font-lock-ensure)
        (should (eq (get-text-property 1 'face) 'font-lock-function-name-face))))))

(ert-deftest aphex-is-found-by-the-name-of-a-file ()
  (with-current-buffer (find-file-noselect "examples/quickstart/pipeline.aphex")
    (should (eq major-mode 'aphex-mode))
    (kill-buffer)))

(ert-deftest aphex-indents-as-fmt-does ()
  (let ((wrong nil) (count 0))
    (dolist (path aphex-test-scripts)
      (with-temp-buffer
        (insert-file-contents path)
        (aphex-mode)
        (let ((before (aphex-test-lines)))
          (cl-incf count (length before))
          (goto-char (point-min))
          (while (not (eobp))
            (when (aphex-test-outside (line-beginning-position))
              (delete-horizontal-space))
            (forward-line))
          (let ((inhibit-message t))
            (indent-region (point-min) (point-max)))
          (cl-loop for line from 1 for was in before for is in (aphex-test-lines)
                   unless (equal was is) collect (format "%s:%d: %s" path line is) into found
                   finally (setq wrong (append wrong (and found (list (car found)))))))))
    (should (> count 4000))
    (should (equal wrong nil))))

(ert-deftest aphex-indents-what-is-typed ()
  (with-temp-buffer
    (aphex-mode)
    (electric-indent-local-mode 1)
    (dolist (line '("fn f(a) {" "if a {" "g(#{" "b: [1]," "})" "}" "}"))
      (dolist (char (string-to-list line))
        (let ((last-command-event char))
          (self-insert-command 1)))
      (newline nil t))
    (should (equal (buffer-string) "fn f(a) {\n    if a {\n        g(#{\n            b: [1],\n        })\n    }\n}\n"))))

(ert-deftest aphex-comments ()
  (with-temp-buffer
    (aphex-mode)
    (insert "let a = 1;\n")
    (comment-region (point-min) (point-max))
    (should (equal (buffer-string) "// let a = 1;\n"))
    (uncomment-region (point-min) (point-max))
    (should (equal (buffer-string) "let a = 1;\n"))))

(ert-deftest aphex-colours-a-text-while-it-is-typed ()
  (with-temp-buffer
    (aphex-mode)
    (insert "let a = \"open;\nlet b = `x ${f(\"`\")} y`;\n")
    (font-lock-ensure)
    (let ((face (lambda (text)
                  (goto-char (point-min))
                  (search-forward text)
                  (get-text-property (match-beginning 0) 'face))))
      (should (eq (funcall face "open") 'font-lock-string-face))
      (should (eq (funcall face "let b") 'font-lock-keyword-face))
      (should (eq (funcall face "f(") 'font-lock-function-name-face))
      (should (eq (funcall face "y`") 'font-lock-string-face))
      (goto-char (point-max))
      (search-backward "`")
      (delete-char 1)
      (insert "`")
      (goto-char (point-max))
      (insert "let c = 1;")
      (font-lock-ensure)
      (should (eq (funcall face "let c") 'font-lock-keyword-face)))))

(ert-deftest aphex-lists-what-is-declared ()
  (with-current-buffer (find-file-noselect "examples/quickstart/pipeline.aphex")
    (let ((index (imenu--make-index-alist t)))
      (should (equal (mapcar #'car (cdr (assoc "Environments" index))) '("dev" "prod")))
      (should (equal (mapcar #'car (cdr (assoc "Pipelines" index))) '("quickstart"))))
    (kill-buffer)))

(ert-deftest aphex-formats ()
  (with-temp-buffer
    (aphex-mode)
    (insert "const   A=\"ä\";\n")
    (goto-char 8)
    (aphex-format-buffer)
    (should (equal (buffer-string) "const A = \"ä\";\n"))
    (insert "let = ")
    (let ((before (buffer-string)))
      (aphex-format-buffer)
      (should (equal (buffer-string) before)))))

(ert-deftest aphex-checks ()
  (let ((default-directory (make-temp-file "aphex" t)))
    (with-temp-file "it.aphex" (insert "let a = 1;\nlet b = environmen(1);\n"))
    (with-current-buffer (find-file-noselect "it.aphex")
      (let ((compilation-ask-about-save nil) (next-error-recenter nil))
        (aphex-check)
        (with-current-buffer "*compilation*"
          (should (aphex-test-wait (lambda () (not (get-buffer-process (current-buffer)))))))
        (next-error))
      (with-current-buffer (get-file-buffer "it.aphex")
        (should (looking-at-p "environmen(")))
      (aphex-explain "unknown-key")
      (with-current-buffer "*aphex explain*"
        (goto-char (point-min))
        (should (looking-at-p "# unknown-key")))
      (kill-buffer))))

(ert-deftest aphex-talks-to-the-language-server ()
  (let ((default-directory (file-name-as-directory (getenv "PROJECT"))) (eglot-sync-connect 10))
    (with-current-buffer (find-file-noselect "pipeline.aphex")
      (apply #'eglot (eglot--guess-contact))
      (should (eglot-managed-p))
      (flymake-start)
      (goto-char (point-min))
      (search-forward "account:")
      (goto-char (match-beginning 0))
      (delete-char 1)
      (insert "x")
      (aphex-test-send)
      (should (aphex-test-wait
               (lambda ()
                 (cl-find-if (lambda (one) (string-match-p "no key .xccount" (flymake-diagnostic-text one)))
                             (flymake-diagnostics)))))
      (delete-char -1)
      (insert "a")
      (aphex-test-send)
      (should (aphex-test-wait (lambda () (null (flymake-diagnostics)))))

      ;; Completion of keys.
      (goto-char (point-max))
      (insert "let x = environment(\"x\", #{  });")
      (backward-char 4)
      (let* ((found (run-hook-wrapped 'completion-at-point-functions #'completion--capf-wrapper 'all))
             (words (all-completions "" (nth 3 found))))
        (should (member "account" (mapcar #'substring-no-properties words))))
      ;; Problems of a text that is longer than the one in the buffer stop Eglot.
      (aphex-test-send)
      (should (aphex-test-wait #'flymake-diagnostics))
      (delete-region (line-beginning-position) (line-end-position))
      (aphex-test-send)
      (should (aphex-test-wait (lambda () (null (flymake-diagnostics)))))

      ;; Rename of an environment, where it is declared and where it is named.
      (with-current-buffer (find-file-noselect "envs.aphex")
        (should (aphex-test-wait #'eglot-managed-p))
        (goto-char (point-min))
        (search-forward "\"prod\"")
        (backward-char 3)
        (let ((eglot-confirm-server-initiated-edits nil))
          (cl-letf (((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
            (eglot-rename "production")))
        (goto-char (point-min))
        (should (search-forward "\"production\"" nil t)))
      (goto-char (point-min))
      (should (search-forward "names: [\"production\"]" nil t))

      ;; Hover, formatting.
      (goto-char (point-max))
      (insert "const   A=1;\n")
      (eglot-format-buffer)
      (should (string-suffix-p "const A = 1;\n" (buffer-string)))
      (eglot-shutdown (eglot-current-server)))))

;;; edit.el ends here
