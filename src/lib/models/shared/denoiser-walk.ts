import type { Stop } from '../walk.ts';

/** Where every denoiser's walk begins: what it is given, and asked. `image`: pixels a side. */
export const noisyPicture = (image: number): Stop => ({
  id: 'noise',
  title: { en: 'A picture with noise', zh: '带噪声的图片' },
  says: {
    en: `Into the network goes a picture of ${image} × ${image} pixels that is part noise. The network shall say what in it is noise and what is picture.`,
    zh: `输入网络的是一张 ${image} × ${image} 像素、混有噪声的图片。网络要判断其中哪些是噪声，哪些是图片。`,
  },
  shows: ['x'],
});
