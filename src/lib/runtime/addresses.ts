import { asset } from '$app/paths';
import { keep, recall } from '#lib/base/storage.ts';
import type { Device } from '#lib/base/device.ts';

/** The absolute address of a model's folder on this site, with a slash at its end. Browser only. */
export function modelFolder(name: string): string {
  const path = asset(`/models/${name}/config.json` as Parameters<typeof asset>[0]);
  return new URL('.', new URL(path, location.href)).href;
}

const DEVICES: readonly Device[] = ['webgpu', 'wasm'];
const isDevice = (s: string | null | undefined): s is Device => DEVICES.some((d) => d === s);

/** The device asked for by the address (`?device=wasm`) or kept from an earlier visit. */
export function wishedDevice(search: string = location.search): Device | undefined {
  const asked = new URLSearchParams(search).get('device');
  if (isDevice(asked)) return asked;
  const kept = recall('device');
  return isDevice(kept) ? kept : undefined;
}

/** Keeps the reader's choice of device for later visits; undefined leaves it to the site again. */
export function keepDevice(device: Device | undefined): void {
  keep('device', device);
}
