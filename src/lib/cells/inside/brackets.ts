import { TensorError, TensorValue } from './tensor-value.ts';

/**
 * `t[0]` would be `undefined` and say nothing, since an object of JavaScript has no brackets of its own: says what to write
 * in its place. Only names that a tensor does not have come here.
 */
export function refuseBrackets(): void {
  const none = new Proxy(Object.create(null) as object, {
    get(_, key, tensor: unknown) {
      if (typeof key !== 'string' || !/^-?\d+$/.test(key) || !(tensor instanceof TensorValue))
        return undefined;
      const all = tensor.shape.map((_, k) => (k === 0 ? key : 0)).join(', ');
      throw new TensorError(
        `A tensor has no [${key}]. Write t.slice(${key}) for that part of it, t.at(${all}) for one value, t.values[${key}] for a place among all values.`,
        `张量不能用 [${key}] 取值。取其中一部分写 t.slice(${key})，取一个数写 t.at(${all})，按总次序取一个数写 t.values[${key}]。`,
      );
    },
  });
  Object.setPrototypeOf(TensorValue.prototype, none);
}
