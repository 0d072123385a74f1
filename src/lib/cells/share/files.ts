import { readNotebook, type Notebook } from './notebook.ts';

/** What a file gave: its notebook, and whether something at its end is missing. */
export interface FromFile {
  readonly notebook: Notebook;
  readonly cut: boolean;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/**
 * A notebook in the format of Observable's Notebook Kit 2 (its README, "Notebook file format"): HTML with a `<notebook>`
 * that holds a title and a `<script type="module">` a cell, indented by four spaces.
 */
export function htmlNotebook({ title, cells }: Notebook): string {
  const scripts = cells.map((code, i) => {
    // The end of a script cannot stand inside of one; a backslash hides it, and is taken out again by who reads it.
    const safe = code.replace(/<(?=\\*\/script(\s|>))/gi, '<\\');
    const lines = safe.split('\n').map((line) => (line.trim() ? `    ${line}` : ''));
    return `  <script id="${i + 1}" type="module" pinned="">\n${lines.join('\n')}\n  </script>`;
  });
  return `<!doctype html>\n<notebook theme="air">\n  <title>${escaped(title)}</title>\n${scripts.join('\n')}\n</notebook>\n`;
}

/** A notebook of such a file; undefined where there is none. What is whole of a file that was cut is kept. */
export function fromHtml(text: string): FromFile | undefined {
  if (!/<notebook[\s>]/i.test(text)) return undefined;
  const title = unescaped(/<title>([\s\S]*?)<\/title>/i.exec(text)?.[1]?.trim() ?? '');
  const cells: string[] = [];
  let end = 0;
  for (const match of text.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi)) {
    const [whole, attributes = '', inside = ''] = match;
    end = match.index + whole.length;
    const type = /\btype\s*=\s*["']?([\w./-]+)/i.exec(attributes)?.[1] ?? 'module';
    const code = dedented(inside.replace(/<\\(?=\\*\/script(\s|>))/gi, '<'));
    cells.push(type === 'module' || type === 'text/x-typescript' ? code : asText(code));
  }
  const rest = text.slice(end);
  const cut = !/<\/notebook\s*>/i.test(rest) || /<script\b/i.test(rest);
  const notebook = readNotebook({ title: title || 'Untitled', cells });
  return notebook && { notebook, cut };
}

function dedented(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  if (lines.at(-1)?.trim() === '') lines.pop();
  if (lines[0]?.trim() === '') lines.shift();
  return lines.map((line) => line.replace(/^ {4}/, '')).join('\n');
}

/** Words between cells become a cell that shows them. */
function asText(text: string): string {
  const parts = text
    .trim()
    .split(/\n{2,}/)
    .map((part) => {
      const heading = /^(#{1,4})\s+(.*)$/.exec(part);
      const level = Math.min(4, (heading?.[1]?.length ?? 0) + 1);
      return heading ? `<h${level}>${escaped(heading[2] ?? '')}</h${level}>` : `<p>${escaped(part)}</p>`;
    });
  return (
    'html`' + parts.join('\n').replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${') + '`'
  );
}

/** A notebook as Markdown: its title, and a fenced block a cell. */
export function markdownNotebook({ title, cells }: Notebook): string {
  const blocks = cells.map((code) => {
    // A fence longer than any in the code.
    const longest = Math.max(2, ...[...code.matchAll(/^`+/gm)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}js\n${code}\n${fence}`;
  });
  return `# ${title}\n\n${blocks.join('\n\n')}\n`;
}

/** A notebook of Markdown with fenced blocks of JavaScript; undefined where there is none. */
export function fromMarkdown(text: string): FromFile | undefined {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const cells: string[] = [];
  let title = '';
  let words: string[] = [];
  let code: string[] | undefined;
  let fence = '';
  const flush = () => {
    const said = words.join('\n').trim();
    if (said) cells.push(asText(said));
    words = [];
  };
  for (const line of lines) {
    const [, opens, language = ''] = /^(`{3,})\s*(\w*)\s*$/.exec(line) ?? [];
    if (code) {
      if (opens === fence && language === '') {
        cells.push(code.join('\n'));
        code = undefined;
      } else code.push(line);
    } else if (opens !== undefined && /^(js|javascript|mjs)?$/i.test(language)) {
      flush();
      fence = opens;
      code = [];
    } else if (!title && cells.length === 0 && /^#\s+/.test(line)) title = line.replace(/^#\s+/, '');
    else words.push(line);
  }
  flush();
  if (code) cells.push(code.join('\n'));
  if (!cells.some((cell) => !cell.startsWith('html`'))) return undefined;
  const notebook = readNotebook({ title: title || 'Untitled', cells });
  return notebook && { notebook, cut: code !== undefined };
}

/** Reads any file that a notebook may have come in; undefined where it holds none. */
export function fromFile(text: string): FromFile | undefined {
  return fromHtml(text) ?? fromMarkdown(text);
}

/** What a cell shows, as it is written into a page that stands for itself: sanitised markup. */
export interface Page extends Notebook {
  readonly results: readonly string[];
  readonly lang: string;
}

/** A page of results and code that needs nothing else: no script, no other file. The notebook lies in it as well. */
export function resultPage({ title, cells, results, lang }: Page): string {
  const parts = cells.map(
    (code, i) => `<section>\n${results[i] ?? ''}\n<pre><code>${escaped(code)}</code></pre>\n</section>`,
  );
  const style =
    'body{max-width:860px;margin:40px auto;padding:0 16px;font:16px/1.5 system-ui,sans-serif;color:#15171e;background:#fff}section{margin:0 0 32px}pre{overflow:auto;padding:12px;border-radius:6px;background:#f4f5f8;font:13px/1.5 ui-monospace,monospace}svg,img{max-width:100%;height:auto}table{border-collapse:collapse;font:13px/1.6 ui-monospace,monospace}td,th{padding:1px 16px 1px 0;border-bottom:1px solid #dfe2e9;text-align:left}figure{margin:0}';
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  return `<!doctype html>\n<html lang="${lang}">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n<meta name="viewport" content="width=device-width">\n<title>${escaped(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n<h1>${escaped(title)}</h1>\n${parts.join('\n')}\n</body>\n</html>\n`;
}
