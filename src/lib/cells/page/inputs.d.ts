/** As much of @observablehq/inputs as is used: functions that make a form with a value. */
declare module '@observablehq/inputs' {
  export type Make = (...args: unknown[]) => HTMLElement & { value: unknown };
  export const button: Make;
  export const checkbox: Make;
  export const color: Make;
  export const date: Make;
  export const datetime: Make;
  export const email: Make;
  export const number: Make;
  export const password: Make;
  export const radio: Make;
  export const range: Make;
  export const search: Make;
  export const select: Make;
  export const table: Make;
  export const tel: Make;
  export const text: Make;
  export const textarea: Make;
  export const toggle: Make;
  export const url: Make;
}
