import { fileHref } from '#lib/base/paths.ts';

/** A running sandbox: the line to its worker, and its end. */
export interface Frame {
  readonly port: MessagePort;
  /** Takes the frame out of the page; its worker ends with it, whatever it is doing. */
  remove(): void;
}

/**
 * Opens a frame of opaque origin with a worker in it that runs `code`. The frame's own policy allows no network; nothing
 * of the page can be reached from it but the line.
 */
export async function openFrame(code: string): Promise<Frame> {
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
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow?.postMessage({ code }, '*', [port2]);
  return {
    port: port1,
    remove() {
      port1.close();
      frame.remove();
    },
  };
}
