/** How long the newest forward pass of this page took, for the device badge. Whoever runs a model writes it. */
class Pass {
  /** Milliseconds; undefined before the first pass. */
  ms = $state<number>();
}

export const pass = new Pass();
