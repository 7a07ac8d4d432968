;;; colours.el --- What the mode says of every byte of scripts  -*- lexical-binding: t; -*-

;;; Commentary:

;; Writes for each script in $SCRIPTS, below $COLOURS, a letter a byte.

;;; Code:

(require 'aphex-mode)

(defun aphex-test-letter (position)
  "The letter of the face at POSITION."
  (let ((face (get-text-property position 'face)))
    (pcase (if (consp face) (car face) face)
      ((or 'font-lock-keyword-face 'font-lock-constant-face) ?k)
      ('font-lock-string-face ?t)
      ((or 'font-lock-comment-face 'font-lock-comment-delimiter-face 'font-lock-doc-face) ?c)
      ((or 'font-lock-function-name-face 'font-lock-builtin-face) ?f)
      ((or 'font-lock-variable-name-face 'font-lock-type-face) ?y)
      (_ ?.))))

(dolist (path (with-temp-buffer
                (insert-file-contents (getenv "SCRIPTS"))
                (split-string (buffer-string) "\n" t)))
  (let ((target (expand-file-name path (getenv "COLOURS"))) (letters nil))
    (with-temp-buffer
      (insert-file-contents path)
      (aphex-mode)
      (font-lock-ensure)
      (goto-char (point-min))
      (while (not (eobp))
        (dotimes (_ (string-bytes (string (char-after))))
          (push (if (eolp) ?\n (aphex-test-letter (point))) letters))
        (forward-char)))
    (make-directory (file-name-directory target) t)
    (write-region (apply #'string (nreverse letters)) nil target nil 'quiet)))

;;; colours.el ends here
