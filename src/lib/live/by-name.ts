import type { NamedTensor } from './named-tensor.ts';

/** Makes each named tensor once: the same name is the same object ever after. */
export function byName(make: (name: string) => NamedTensor): (name: string) => NamedTensor {
  const kept = new Map<string, NamedTensor>();
  return (name) => {
    let tensor = kept.get(name);
    if (!tensor) kept.set(name, (tensor = make(name)));
    return tensor;
  };
}
