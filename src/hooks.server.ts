import type { Handle } from '@sveltejs/kit';

/** Shown on the page for unknown addresses where scripts are off: SvelteKit renders that page in the browser only. */
const FALLBACK = `<noscript>
      <main style="max-width: 34em; margin: 64px auto; padding: 0 16px; font: 18px/1.6 serif">
        <h1>Nothing lies at this address.</h1>
        <p>The lessons are here: <a href="%base%/en/">English</a></p>
        <h1 lang="zh-CN">这个地址没有页面。</h1>
        <p lang="zh-CN">课程在这里：<a href="%base%/zh/">中文</a></p>
      </main>
    </noscript>`;

/** Writes the page's language into `<html lang>`: the first part of the path names it. */
export const handle: Handle = ({ event, resolve }) => {
  const lang = event.params.lang === 'zh' ? 'zh-CN' : 'en';
  const fallback = event.route.id === null;
  // The notebook's page has no running prose.
  const faces =
    event.route.id === '/[lang]/notebook'
      ? /inter-core\.[^/]*woff2$/
      : /(inter|source-serif-4)-core\.[^/]*woff2$/;
  return resolve(event, {
    transformPageChunk: ({ html }) =>
      html
        .replace('%lang%', lang)
        .replace('%fallback%', fallback ? FALLBACK.replaceAll('%base%', process.env.BASE_PATH ?? '') : ''),
    preload: ({ type, path }) => type === 'js' || type === 'css' || faces.test(path),
  });
};
