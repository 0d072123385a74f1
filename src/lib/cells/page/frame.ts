import { fileHref } from '#lib/base/paths.ts';

/** A running sandbox: the lines to its workers, and their end. */
export interface Frame {
  /** To the worker in which cells run. */
  readonly port: MessagePort;
  /** To the one beside it, which tells how much of the processor there is. */
  readonly pace: MessagePort;
  /** Takes the frame out of the page; its workers end with it, whatever they are doing. */
  remove(): void;
}

/**
 * Opens a frame of opaque origin with two workers in it. The frame's own policy allows no network; nothing of the page
 * can be reached from it but the lines.
 * @param code what runs in the workers: the cells' one, and the one beside it
 */
export async function openFrame(code: readonly [cells: string, pace: string]): Promise<Frame> {
  const frame = document.createElement('iframe');
  // Nothing but scripts: an origin of its own, no forms, no windows, no way to leave.
  frame.setAttribute('sandbox', 'allow-scripts');
  // Where a service worker isolates the page, the frame's file comes without those headers.
  frame.setAttribute('credentialless', '');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.hidden = true;
  frame.dataset['cells'] = 'sandbox';
  frame.src = fileHref('cells.html');
  const loaded = new Promise<void>((resolve) =>
    frame.addEventListener('load', () => resolve(), { once: true }),
  );
  document.body.append(frame);
  await loaded;
  const cells = new MessageChannel();
  const pace = new MessageChannel();
  frame.contentWindow?.postMessage({ code }, '*', [cells.port2, pace.port2]);
  return {
    port: cells.port1,
    pace: pace.port1,
    remove() {
      cells.port1.close();
      pace.port1.close();
      frame.remove();
    },
  };
}
