// The page around the graph.

interface Parts {
  nonce: string;
  /** Where the extension's own files come from. */
  origin: string;
  script: string;
  style: string;
}

/**
 * The page, before there is a graph. Nothing runs in it but the one script, and nothing is loaded but it and the style: a
 * picture that says otherwise changes nothing.
 */
export function page({ nonce, origin, script, style }: Parts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin} 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>aphex graph</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<p id="note" role="status">Waiting for the script …</p>
<main id="graph"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
