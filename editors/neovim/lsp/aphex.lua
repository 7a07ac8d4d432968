-- The language server, for `vim.lsp.enable('aphex')` of Neovim 0.11 and later.
return require('aphex').config()
