/**
 * htl, of which the controls of cells are made (@observablehq/inputs), marks the place of a handler by an attribute
 * `oninput="::1"`, which it takes out again before the element is used. A content security policy without inline
 * handlers reports each of them all the same, so here the mark is called `data-htl-oninput`.
 */
import type { Plugin } from 'vite';

const WRITTEN = `string += "::" + j;
                nodeFilter |= SHOW_ELEMENT;`;
const WRITES = `if (typeof value === "function") string = string.slice(0, attributeNameStart - strings[j - 1].length) + "data-htl-" + name + "=";
                ${WRITTEN}`;
const READ = 'node[name] = value;';
const READS = 'node[name.replace(/^data-htl-/, "")] = value;';

/** htl's source with other marks. @throws Error where it is not the source that this was written for */
export function withOtherMarks(code: string): string {
  if (!code.includes(WRITTEN) || !code.includes(READ))
    throw new Error('plugins/handlers.ts: htl has changed');
  return code.replace(WRITTEN, WRITES).replace(READ, READS);
}

/** Changes htl as it is bundled. */
export function handlerMarks(): Plugin {
  return {
    name: 'patchwork:handler-marks',
    transform: (code, id) => (/\/htl\/src\/index\.js$/.test(id) ? withOtherMarks(code) : null),
  };
}
