/** What the cells of a page show, a text of markup for each: drawings as they are, canvases as pictures, the rest as words. */
export function resultsIn(cells: HTMLElement | undefined): string[] {
  return [...(cells?.querySelectorAll<HTMLElement>('[data-cell]') ?? [])].map((cell) =>
    [...cell.querySelectorAll<HTMLElement>('[data-result]')].map(markupOf).join('\n'),
  );
}

function markupOf(result: HTMLElement): string {
  const drawn = result.querySelector('[data-markup]')?.shadowRoot;
  // The first child is the style of the page's own.
  if (drawn)
    return [...drawn.children]
      .slice(1)
      .map((child) => child.outerHTML)
      .join('');
  const canvas = result.querySelector('canvas');
  const picture = canvas && canvas.width > 0 ? `<img alt="" src="${canvas.toDataURL('image/png')}">` : '';
  const table = result.querySelector('table')?.outerHTML.replace(/<!--.*?-->/g, '') ?? '';
  const words = document.createElement('p');
  words.textContent = table ? '' : result.innerText;
  return picture + table + (words.textContent ? words.outerHTML : '');
}
