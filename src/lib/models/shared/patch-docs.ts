import { doc } from './block-docs.ts';

/** A picture as the networks are fed it. */
export const PICTURE_DOC = doc('Picture', '图像', 'x \\in \\mathbb{R}^{C \\times H \\times W}');

/** A picture cut into patches, each of them a row. */
export const PATCHES_DOC = doc(
  'Flattened patches',
  '展平的图像块（patch）',
  'x_p \\in \\mathbb{R}^{N \\times p^2 C}',
  'patches = F.unfold(x, p, stride=p).transpose(1, 2)',
);

/** The rows projected to tokens, under the name that the tensor has in PyTorch. */
export const embeddedDoc = (name: string) =>
  doc(
    'Patch embeddings',
    '图像块嵌入（patch embedding）',
    'e_n = W x_p^{(n)} + b',
    `${name} = patches @ proj.weight.flatten(1).T + proj.bias`,
  );
