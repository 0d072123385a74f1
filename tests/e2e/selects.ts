import type { Page } from 'playwright-core';

/** Selects that can be seen and that cut the words of their choice, as `label: words`. */
export function cutSelects(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('select')].flatMap((select) => {
      const chosen = select.selectedOptions[0];
      if (!chosen || !select.checkVisibility()) return [];
      // One with this choice alone is as wide as its words, whatever the other choices are.
      const twin = select.cloneNode(false) as HTMLSelectElement;
      twin.append(chosen.cloneNode(true));
      twin.style.cssText = 'position: absolute; width: max-content; min-width: 0; max-width: none';
      select.after(twin);
      const missing = twin.offsetWidth - select.offsetWidth;
      twin.remove();
      return missing > 0 ? [`${select.id || select.ariaLabel}: ${chosen.text} (${missing} px)`] : [];
    }),
  );
}

/** Fields of the prose, as the placeholder that they cut, because it is wider than the field. */
export function cutPlaceholders(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const brush = document.createElement('canvas').getContext('2d')!;
    return [...document.querySelectorAll<HTMLInputElement>('article input[placeholder]')].flatMap((field) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(field);
      brush.font = font;
      const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
      const missing = brush.measureText(field.placeholder).width - room;
      return field.checkVisibility() && missing > 0.5
        ? [`${field.placeholder} (${Math.ceil(missing)} px)`]
        : [];
    });
  });
}
