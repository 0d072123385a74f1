import type { Text } from '#lib/base/lang.ts';

/** Sentences about keeping and opening notebooks. */
export const SAYS = {
  newer: (version: number): Text => ({
    en: `This link has the form ${version}, which a newer version of this site writes; this one reads form 1. Reload the page, or ask for the notebook as a file. Your own notebook is shown instead, and nothing of it was changed.`,
    zh: `这个链接是第 ${version} 版格式，由本站更新的版本生成；当前页面只认得第 1 版。请刷新页面，或请对方改用文件发送。现在显示的是你自己的笔记本，没有任何改动。`,
  }),
  broken: {
    en: 'This link holds no whole notebook: it was cut or changed on its way. Ask for it again, or for a file. Your own notebook is shown instead.',
    zh: '这个链接里没有完整的笔记本：它在传递途中被截断或改动了。请对方重新发送，或改用文件。现在显示的是你自己的笔记本。',
  },
  largeFile: (name: string): Text => ({
    en: `“${name}” is larger than 5 MB, which no notebook is. It was not opened.`,
    zh: `“${name}”超过 5 MB，不会是笔记本，没有打开。`,
  }),
  noNotebook: (name: string): Text => ({
    en: `No notebook was found in “${name}”. A notebook is an HTML file with a <notebook> in it, or Markdown with blocks of JavaScript.`,
    zh: `“${name}”里没有找到笔记本。笔记本是含有 <notebook> 的 HTML 文件，或含有 JavaScript 代码段的 Markdown 文件。`,
  }),
  cut: (name: string, cells: number): Text => ({
    en: `“${name}” ends in the middle. The ${cells} cells that are whole were opened.`,
    zh: `“${name}”在中途断开了，完整的 ${cells} 个单元已经打开。`,
  }),
  otherWindow: (title: string): Text => ({
    en: `This notebook was changed in another window meanwhile. Both are kept: this one goes on as “${title}”.`,
    zh: `这个笔记本同时在另一个窗口里被改动了。两份都已保留：这一份改名为“${title}”继续。`,
  }),
  unfetched: {
    en: 'A part of this page that this needs could not be fetched, so nothing was changed. Check the connection and try again.',
    zh: '没能取到这一步需要的程序，所以什么都没有改动。请检查网络，再试一次。',
  },
  full: {
    en: 'The browser’s store for this site is full, so the last change is not kept. It stays on this page; save it as a file, or delete a notebook that you no longer need.',
    zh: '浏览器为本站留出的空间已满，所以最近的改动没有保存。它仍在本页上；请存成文件，或删除不再需要的笔记本。',
  },
  noStore: {
    en: 'This browser lets the page keep nothing, so the notebook lasts as long as this page. Save it as a file or copy its link.',
    zh: '浏览器不允许本页保存内容，所以笔记本只在页面打开期间存在。请存成文件或复制链接。',
  },
} as const;
