/** Whether a sampler adds noise of its own on the way: DDIM with η above 0, DDPM and SDE whatever their options. */
export function addsNoise(sampler: string, eta: number): boolean {
  return sampler === 'ddpm' || sampler === 'sde' || (sampler === 'ddim' && eta > 0);
}
