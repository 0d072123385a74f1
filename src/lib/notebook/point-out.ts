/** Milliseconds that a control stays outlined. */
const SHOWN = 1800;

/**
 * Outlines the controls of some fields of the state, so that the eye finds them. A control says its field in `data-field`
 * (several, divided by spaces, where it sets several).
 * @param fields names of fields of the lesson's state
 */
export function pointOut(fields: readonly string[]): void {
  for (const field of fields)
    for (const control of document.querySelectorAll(`[data-field~="${field}"]`)) {
      control.removeAttribute('data-pointed');
      requestAnimationFrame(() => control.setAttribute('data-pointed', ''));
      setTimeout(() => control.removeAttribute('data-pointed'), SHOWN);
    }
}
