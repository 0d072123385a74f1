import type { Question } from './question.ts';

/** What a measured accuracy says of time, and where in the networks time is. */
export const TIME_QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'In a set of videos cars drive to the right on streets only, and to the left on meadows only. A network names the direction of all of them. How could one find out whether it sees motion?',
      zh: '在一组视频里，汽车向右开时总在街道上，向左开时总在草地上。一个网络把方向全部答对。怎样才能知道它是否看到了运动？',
    },
    options: [
      {
        text: {
          en: 'Put one frame in place of all: if it is still right, it does not need motion.',
          zh: '用一帧代替所有的帧：如果仍然答对，它就不需要运动。',
        },
        right: true,
        say: {
          en: 'One frame shows street or meadow and nothing that moves. What is answered from it, the ground has given away.',
          zh: '一帧里能看到街道或草地，却没有任何运动。凭一帧就能答对，说明答案是由地面透露的。',
        },
      },
      {
        text: { en: 'Show it more videos of the same kind.', zh: '给它看更多同样的视频。' },
        say: {
          en: 'In more of the same the ground still gives the answer away. Only a clip in which the two disagree can tell.',
          zh: '同样的视频再多，地面仍然透露答案。只有让两者不一致的片段才能分辨。',
        },
      },
      {
        text: {
          en: 'Nothing more is needed: without seeing motion nobody is right every time.',
          zh: '不需要再做什么：看不到运动就不可能每次都答对。',
        },
        say: {
          en: 'Somebody who looks at the ground alone is. A high accuracy says that there was a way to the answer, not which.',
          zh: '只看地面就可以每次都答对。正确率高只说明有办法得到答案，不说明用的是哪种办法。',
        },
      },
    ],
  },
  {
    question: {
      en: 'The frames of clips of the task “direction” are shuffled. How often can a network that makes the best of them be right, at most?',
      zh: '把“方向”任务的各帧打乱。一个充分利用这些帧的网络，最多能答对多少？',
    },
    options: [
      {
        text: { en: 'Half of the time.', zh: '一半。' },
        right: true,
        say: {
          en: 'The sign stands in the same row in all frames, or in the same column. So two of four classes are left, and only the order could decide between them.',
          zh: '图案在各帧里处在同一行，或者处在同一列，因此四个类别只剩两个，再往下只有顺序能够决定。',
        },
      },
      {
        text: { en: 'A quarter of the time.', zh: '四分之一。' },
        say: {
          en: 'That is what a single frame allows. Several frames show along which line the sign has moved, even in a wrong order.',
          zh: '这是只有一帧时的情况。有了几帧，即使顺序不对，也能看出图案沿哪条线移动。',
        },
      },
      {
        text: { en: 'Always: attention does not mind the order.', zh: '全部，因为注意力不在乎顺序。' },
        say: {
          en: 'Attention by itself does not, and that is the trouble: what differs between right and left is the order alone.',
          zh: '注意力本身确实不在乎顺序，问题正在于此：向右和向左只差在顺序上。',
        },
      },
    ],
  },
  {
    question: {
      en: 'All positions of the network with joint attention are the same at all times. What can it still tell apart?',
      zh: '联合注意力的网络在所有时刻都用同样的位置编码。它还能分辨什么？',
    },
    options: [
      {
        text: {
          en: 'Which of the two frames inside a tubelet comes first.',
          zh: '同一个时空管里的两帧，哪一帧在前。',
        },
        right: true,
        say: {
          en: 'The kernel has other weights for the first frame than for the second. Between tubelets there is no order any more.',
          zh: '卷积核对第一帧和第二帧有不同的权重。而时空管之间已经没有先后。',
        },
      },
      {
        text: { en: 'Nothing that has to do with time.', zh: '与时间有关的都分辨不了。' },
        say: {
          en: 'That would be so if a token were a patch of one frame. A tubelet has some time in it.',
          zh: '如果一个词元只是一帧里的图像块，就会这样。但时空管里面包含了一段时间。',
        },
      },
      {
        text: { en: 'Everything: it sees all tubelets at once.', zh: '什么都能，因为它同时看到所有时空管。' },
        say: {
          en: 'It sees all of them, as a set. That one of them came before another was said by the positions alone.',
          zh: '它确实看到全部，但只是一个集合。谁先谁后，原来只由位置编码说明。',
        },
      },
    ],
  },
];
