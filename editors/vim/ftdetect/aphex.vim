autocmd BufRead,BufNewFile *.aphex setfiletype aphex
