/** GiB of the device as far as the browser says, rounded; undefined where it does not. */
function deviceMemory(): number | undefined {
  return (globalThis.navigator as { readonly deviceMemory?: number } | undefined)?.deviceMemory;
}

/** Whether the device has memory to spare: more than 4 GiB, or a browser that does not say. */
export function hasRoom(gibibytes: number | undefined = deviceMemory()): boolean {
  return (gibibytes ?? 8) > 4;
}
