import type { Text } from '#lib/base/lang.ts';
import { NO_CAMERA } from '#lib/pictures/camera.ts';

/** Why a film could not be read. The clip on the page stays as it was. */
export const FILM_FAULTS = {
  'no-file': {
    en: 'No file was chosen; the clip stays as it was. Press “Open a video” again and choose one.',
    zh: '没有选择文件，视频片段保持不变。请再按“打开视频”选一个文件。',
  },
  empty: {
    en: 'This file is empty; the clip stays as it was. Choose another file.',
    zh: '这个文件是空的，视频片段保持不变。请换一个文件。',
  },
  picture: {
    en: 'This file is a picture, and a picture has no time. Choose a video (MP4 or WebM), or record one with the camera.',
    zh: '这个文件是图片，图片里没有时间。请选择视频文件（MP4 或 WebM），或用摄像头录一段。',
  },
  unreadable: {
    en: 'This browser cannot play the file: it is no video, it is damaged, or its codec is not known here. Save it as MP4 (H.264) or WebM (VP8, VP9) and open that; the clip stays as it was.',
    zh: '这个浏览器无法播放该文件：它可能不是视频，可能已损坏，也可能用了浏览器不认识的编码。请另存为 MP4（H.264）或 WebM（VP8、VP9）后再打开；视频片段保持不变。',
  },
  slow: {
    en: 'Finding the frames of this video takes too long; the clip stays as it was. Cut out a few seconds of it with another program and open those.',
    zh: '在这个视频里定位各帧花的时间太长，视频片段保持不变。请先用其他软件截取几秒钟，再打开。',
  },
  'camera-lost': {
    en: 'The camera stopped before two seconds were over; the clip stays as it was. Record again, or open a file instead.',
    zh: '录满两秒之前摄像头停止了，视频片段保持不变。请重新录制，或改为打开文件。',
  },
  'camera-refused': NO_CAMERA.refused,
  'camera-none': NO_CAMERA.none,
  gone: {
    en: 'This link was made with a clip of somebody’s own, which has never left their browser. Here is a drawn clip instead; open a video of yours to go on with that.',
    zh: '这个链接用的是发送者自己的视频，它从未离开过对方的浏览器。这里换成了一段绘制的视频；也可以打开你自己的视频。',
  },
} as const satisfies Readonly<Record<string, Text>>;
export type FilmFaultCode = keyof typeof FILM_FAULTS;

/** A film that could not be read. */
export class FilmFault extends Error {
  readonly code: FilmFaultCode;
  constructor(code: FilmFaultCode) {
    super(FILM_FAULTS[code].en);
    this.code = code;
  }
}

const lasts = (seconds: number): Text => {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  return minutes > 0
    ? { en: `${minutes} min ${rest} s`, zh: `${minutes} 分 ${rest} 秒` }
    : { en: `${rest} s`, zh: `${rest} 秒` };
};

/** Said of a film that is longer than the stretch that is taken of it. */
export function longFilm(seconds: number, stretch: number, frames: number): Text {
  const all = lasts(seconds);
  const apart = Math.round(seconds / frames);
  return {
    en: `The video lasts ${all.en}. ${frames} frames spread over all of it would lie ${apart} s apart, too far to follow a motion, so a stretch of ${stretch} s is taken. Move it with the slider.`,
    zh: `这个视频长 ${all.zh}。把 ${frames} 帧铺满全长，相邻两帧会相隔 ${apart} 秒，看不出运动，因此只取其中 ${stretch} 秒。可用滑块移动这一段。`,
  };
}

/** Said of a film all of whose frames are the same. */
export const STILL_FILM: Text = {
  en: 'All frames taken from this video are the same picture: it has one frame, or nothing moves in it. The networks are fed a still clip, so any answer about a motion is a guess. Choose another video to see a motion.',
  zh: '从这个视频里取出的各帧是同一幅画面：它只有一帧，或者画面里没有东西在动。网络得到的是静止的片段，关于运动的回答都只是猜测。想看到运动，请换一个视频。',
};
