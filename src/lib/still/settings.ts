/** What one control of a figure is set to, in the words it has on the page. */
export interface Setting {
  readonly label: string;
  readonly value: string;
}

/** What an element says, without what the controls in it do. */
function words(element: Element | null | undefined): string {
  const copy = element?.cloneNode(true) as Element | undefined;
  for (const control of copy?.querySelectorAll('select, input, svg') ?? []) control.remove();
  return (copy?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

const CONTROLS = '.slider, fieldset, select, input[type="number"], [data-screen] input[type="checkbox"]';

/**
 * What the controls in an element are set to, in their order: sliders (src/lib/ui/Slider.svelte), choices side by side
 * (Segmented.svelte), lists, numbers, and what is ticked. The choice of the view is left out: it has a name of its own.
 * Read from what is shown, so that the words are those of the page, in its language.
 */
export function settingsOf(root: ParentNode): Setting[] {
  const found: Setting[] = [];
  for (const control of root.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (control.dataset.field === 'view' || control.closest('[hidden], [inert]')) continue;
    const setting = settingOf(control);
    if (setting && setting.label !== '' && setting.value !== '' && shown(control)) found.push(setting);
  }
  return found;
}

function settingOf(control: HTMLElement): Setting | undefined {
  if (control instanceof HTMLSelectElement)
    return {
      label: control.getAttribute('aria-label') ?? words(control.labels[0]),
      value: words(control.selectedOptions[0]),
    };
  if (control instanceof HTMLInputElement) {
    const label = words(control.labels?.[0]);
    if (control.type === 'checkbox') return control.checked ? { label, value: '✓' } : undefined;
    return { label, value: control.value };
  }
  if (control instanceof HTMLFieldSetElement) {
    const chosen = [...control.querySelectorAll('input')].find(
      (input) => input.type === 'radio' && input.checked,
    );
    return chosen && { label: words(control.querySelector('legend')), value: words(chosen.closest('label')) };
  }
  if (control.querySelector('input')?.disabled) return undefined;
  return { label: words(control.querySelector('label')), value: words(control.querySelector('output')) };
}

const shown = (element: HTMLElement): boolean => element.getClientRects().length > 0;
