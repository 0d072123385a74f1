import type { ReferenceKey } from '#lib/notebook/bibliography/index.ts';
import type { Text } from '#lib/base/lang.ts';

/** How a published network makes a picture. */
export const WAYS = ['raster', 'masked', 'scales', 'diffusion'] as const;
export type Way = (typeof WAYS)[number];

/** A published network that was measured on ImageNet at 256 × 256 pixels, as its source prints it. */
export interface PublishedOrder {
  readonly id: string;
  readonly name: string;
  readonly way: Way;
  /** Codes of a picture; of diffusion patches of latents. */
  readonly tokens: number;
  /** Passes of the network for a picture, guidance not counted. */
  readonly passes: number;
  /** As printed: `310 M`, `1.4 B`. */
  readonly parameters: string;
  /** Fréchet inception distance as printed; lower is better. */
  readonly fid: string;
  readonly cite: ReferenceKey;
}

/**
 * Sources. VQGAN: Esser et al. 2021, without rejection sampling, which brings it down to 5.20; the table at
 * github.com/CompVis/taming-transformers has both, and Tian et al. 2024 and Sun et al. 2024 print one each. MaskGIT: Chang et al. 2022,
 * as Sun et al. 2024 print it, too. LlamaGen: the table of models at github.com/FoundationVision/LlamaGen; those of
 * 24 × 24 codes write 384 pixels and are measured at 256. VAR: the table at github.com/FoundationVision/VAR. DiT:
 * Peebles & Xie 2023, with guidance, as github.com/facebookresearch/DiT has it.
 */
export const PUBLISHED: readonly PublishedOrder[] = [
  {
    id: 'vqgan',
    name: 'VQGAN',
    way: 'raster',
    tokens: 256,
    passes: 256,
    parameters: '1.4 B',
    fid: '15.78',
    cite: 'esser2021',
  },
  {
    id: 'llamagen-b',
    name: 'LlamaGen-B',
    way: 'raster',
    tokens: 256,
    passes: 256,
    parameters: '111 M',
    fid: '5.46',
    cite: 'sun2024',
  },
  {
    id: 'llamagen-l',
    name: 'LlamaGen-L',
    way: 'raster',
    tokens: 576,
    passes: 576,
    parameters: '343 M',
    fid: '3.07',
    cite: 'sun2024',
  },
  {
    id: 'llamagen-3b',
    name: 'LlamaGen-3B',
    way: 'raster',
    tokens: 576,
    passes: 576,
    parameters: '3.1 B',
    fid: '2.18',
    cite: 'sun2024',
  },
  {
    id: 'maskgit',
    name: 'MaskGIT',
    way: 'masked',
    tokens: 256,
    passes: 8,
    parameters: '227 M',
    fid: '6.18',
    cite: 'chang2022',
  },
  {
    id: 'var-d16',
    name: 'VAR-d16',
    way: 'scales',
    tokens: 680,
    passes: 10,
    parameters: '310 M',
    fid: '3.55',
    cite: 'tian2024',
  },
  {
    id: 'var-d30',
    name: 'VAR-d30',
    way: 'scales',
    tokens: 680,
    passes: 10,
    parameters: '2.0 B',
    fid: '1.97',
    cite: 'tian2024',
  },
  {
    id: 'dit',
    name: 'DiT-XL/2-G',
    way: 'diffusion',
    tokens: 256,
    passes: 250,
    parameters: '675 M',
    fid: '2.27',
    cite: 'peebles2023',
  },
];

/** What the rest brings at 1,024 × 1,024 pixels, on MJHQ-30K (Tang et al. 2024, abstract): FID without it and with it. */
export const HART_ROWS: readonly {
  readonly id: string;
  readonly what: Text;
  readonly fids: readonly [string, string];
}[] = [
  {
    id: 'decoded',
    what: { en: 'pictures encoded and decoded', zh: '编码后再解码的图片' },
    fids: ['2.11', '0.30'],
  },
  {
    id: 'written',
    what: { en: 'pictures written from texts', zh: '由文字生成的图片' },
    fids: ['7.85', '5.38'],
  },
];
