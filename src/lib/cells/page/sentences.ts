import type { Text } from '#lib/base/lang.ts';

/** What the page says where a cell was ended from outside. */
export const SENTENCES = {
  silent: {
    en: 'This cell was stopped: it computed for so long without a pause that it looks like an endless loop. The page and the other cells go on. Change the cell; if its loop is long on purpose, write “await new Promise((go) => setTimeout(go))” into it, so that it rests now and then.',
    zh: '这个单元被停止了：它一直在计算，中间很久没有停顿，看起来像是死循环。页面和其他单元照常工作。请修改这个单元；如果循环确实很长，请在循环里不时写上“await new Promise((go) => setTimeout(go))”。',
  },
  flood: {
    en: 'This cell was stopped: it sent more than a thousand messages and listened to none. The page and the other cells go on.',
    zh: '这个单元被停止了：它接连发出一千多条消息，中间没有停下来接收。页面和其他单元照常工作。',
  },
  stoppedByReader: {
    en: 'You stopped this cell. It runs again when you press Run or change it.',
    zh: '你停止了这个单元。按“运行”或修改它，它就会再次运行。',
  },
  unopened: {
    en: 'What runs cells could not be fetched. Nothing of this notebook is lost. Check the connection, then press Run.',
    zh: '没能取到运行单元所需的程序。笔记本的内容没有丢失。请检查网络，再按“运行”。',
  },
  unfetched: (names: readonly string[]): Text => ({
    en: `${names.join(' and ')} could not be fetched, so this cell waits. Cells that do not name ${names.length > 1 ? 'them' : 'it'} go on. Check the connection, then press Run.`,
    zh: `没能取到 ${names.join(' 和 ')}，这个单元正在等待。没有用到${names.length > 1 ? '它们' : '它'}的单元照常运行。请检查网络，再按“运行”。`,
  }),
} as const satisfies Record<string, Text | ((names: readonly string[]) => Text)>;
