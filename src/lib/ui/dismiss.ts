/**
 * Makes a `<details>` a menu, as an attachment: a press elsewhere closes it, and so does Escape, which gives the focus
 * back to its button. A dialog opened from the menu leaves it open.
 */
export function dismissable(menu: HTMLDetailsElement): () => void {
  function elsewhere({ target }: PointerEvent): void {
    if (!menu.open || !(target instanceof Node) || menu.contains(target)) return;
    if (target instanceof Element && target.closest('dialog, [role="dialog"]')) return;
    menu.open = false;
  }
  function keydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !menu.open || event.defaultPrevented) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
  document.addEventListener('pointerdown', elsewhere);
  document.addEventListener('keydown', keydown);
  return () => {
    document.removeEventListener('pointerdown', elsewhere);
    document.removeEventListener('keydown', keydown);
  };
}
