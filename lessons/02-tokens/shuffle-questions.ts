import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** A situation, and what becomes of the answer. */
export interface ShuffleQuestion {
  /** The number of tests/reference.py that decides it: how far the answer moves. */
  readonly decidedBy: string;
  readonly text: Text;
  readonly options: readonly Option[];
}

/** What the reader is to predict of a shuffle. Which option is right is held to measured answers by outcomes.test.ts. */
export const SHUFFLE_QUESTIONS: readonly ShuffleQuestion[] = [
  {
    decidedBy: 'moved-off',
    text: {
      en: 'The model runs without positions, and you shuffle the patches of the picture. What happens to the answer?',
      zh: '去掉位置编码，再把图片的图像块打乱，然后运行模型。答案会怎样？',
    },
    options: [
      {
        text: {
          en: 'It changes, because the tokens come in another order.',
          zh: '会改变，因为词元的次序变了。',
        },
        say: {
          en: 'Attention does not read from first to last. It adds up over all tokens, and a sum does not depend on the order of its terms.',
          zh: '注意力并不从头到尾依次读取，而是对所有词元求和；和与各项的次序无关。',
        },
      },
      {
        text: {
          en: 'It stays, because every token is made of the same sums over the same tokens.',
          zh: '不变，因为计算每个词元时，参加求和的各项都与原来相同。',
        },
        right: true,
        say: {
          en: 'Attention adds up over all tokens, and all other steps work on each token by itself. CLS therefore gathers the same numbers as before.',
          zh: '注意力对所有词元求和，其他运算对每个词元单独进行，所以 CLS 得到的数与原来相同。',
        },
      },
      {
        text: {
          en: 'It stays, because the model recognises the patches and puts them back.',
          zh: '不变，因为模型认出了各个图像块，并把它们放回原处。',
        },
        say: {
          en: 'The answer stays, but nothing is put back. Without positions there are no places to put anything back to.',
          zh: '答案确实不变，但是并没有放回原处：不加位置编码时，根本没有“原处”可言。',
        },
      },
    ],
  },
  {
    decidedBy: 'moved-on',
    text: {
      en: 'Now with positions: you shuffle the patches, and the position vectors stay at their places. What happens to the answer?',
      zh: '现在加上位置编码：图像块打乱，位置编码留在原来的位置。答案会怎样？',
    },
    options: [
      {
        text: {
          en: 'It stays, because the picture has the same patches as before.',
          zh: '不变，因为图片的图像块与原来相同。',
        },
        say: {
          en: 'The patches are the same, but the tokens are not: each is the sum of a patch and a position, and the pairs have changed.',
          zh: '图像块相同，词元却不同：每个词元是图像块与位置编码之和，而两者的搭配已经改变。',
        },
      },
      {
        text: {
          en: 'It changes, because every patch is added to the vector of another place.',
          zh: '会改变，因为每个图像块都与另一个位置的编码相加。',
        },
        right: true,
        say: {
          en: 'A token is the sum of a patch and a position. After the shuffle nearly all of these sums are new, so the model reads another picture.',
          zh: '词元是图像块与位置编码之和。打乱之后，几乎所有的和都与原来不同，所以模型读到的是另一张图片。',
        },
      },
      {
        text: {
          en: 'It changes, because attention now compares other patches with each other.',
          zh: '会改变，因为注意力现在比较的是另一些图像块。',
        },
        say: {
          en: 'It does change, but attention always compares every token with every token. What is new are the tokens.',
          zh: '答案确实会改变，但是注意力始终把每个词元与每个词元作比较，改变的是词元本身。',
        },
      },
    ],
  },
  {
    decidedBy: 'moved-along',
    text: {
      en: 'Each patch takes its position vector along: first the vectors are added, then the tokens are shuffled. What happens to the answer?',
      zh: '每个图像块带着自己的位置编码一起移动：先加上位置编码，再打乱词元。答案会怎样？',
    },
    options: [
      {
        text: {
          en: 'It stays: the same tokens come in another order, and the order is not read.',
          zh: '不变：词元相同，只是次序不同，而模型不读取次序。',
        },
        right: true,
        say: {
          en: 'The place is a part of the token’s numbers, not of its index in the list. So the list may come in any order.',
          zh: '位置记录在词元的数值里，而不在它的编号里，所以词元以任何次序排列都可以。',
        },
      },
      {
        text: {
          en: 'It changes, because the model uses positions here.',
          zh: '会改变，因为这里加了位置编码。',
        },
        say: {
          en: 'It uses them, and they say the same as before: every patch still carries the vector of the place it came from.',
          zh: '模型确实使用位置编码，但是它们记录的内容没有变：每个图像块仍然带着它原来位置的编码。',
        },
      },
      {
        text: {
          en: 'It changes, because token 1 is now another patch.',
          zh: '会改变，因为第 1 号词元现在是另一个图像块。',
        },
        say: {
          en: 'No step looks at the index of a patch token. Only CLS is read by its index, and CLS has kept it.',
          zh: '没有任何一步用到图像块词元的编号。按编号读取的只有 CLS，而它的编号没有变。',
        },
      },
    ],
  },
  {
    decidedBy: 'moved-inside',
    text: {
      en: 'Without positions: the patches stay, but inside every patch the pixels are shuffled, in each patch alike. What happens to the answer?',
      zh: '不加位置编码：图像块不动，但在每个图像块内部，像素都按同一种方式打乱。答案会怎样？',
    },
    options: [
      {
        text: {
          en: 'It stays, because without positions the model reads a bag of pixels.',
          zh: '不变，因为不加位置编码时，模型读到的只是一堆像素。',
        },
        say: {
          en: 'A bag of patches, not of pixels. Inside a patch every pixel has a weight of its own.',
          zh: '是一组没有次序的图像块，而不是像素。在图像块内部，每个像素都有自己的权重。',
        },
      },
      {
        text: {
          en: 'It changes, because each pixel of a patch is multiplied by a weight of its own.',
          zh: '会改变，因为图像块中的每个像素都乘以各自的权重。',
        },
        right: true,
        say: {
          en: 'The projection has one weight for every place inside a patch. Pixels at other places meet other weights, so every token is another one.',
          zh: '投影对图像块内的每个位置都有一个权重。像素换了位置，就乘上别的权重，所以每个词元都不同了。',
        },
      },
      {
        text: {
          en: 'It stays, because the shuffle is the same in every patch.',
          zh: '不变，因为每个图像块的打乱方式相同。',
        },
        say: {
          en: 'The weights do not know of the shuffle. They would have to be shuffled in the same way for the sums to stay.',
          zh: '权重并没有跟着打乱。只有权重也按同样的方式打乱，和才不变。',
        },
      },
    ],
  },
];
