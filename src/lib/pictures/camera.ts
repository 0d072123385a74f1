import type { Text } from '#lib/base/lang.ts';

/** Why there is no picture of the camera. */
export type NoCamera = 'refused' | 'none';

export const NO_CAMERA: Readonly<Record<NoCamera, Text>> = {
  refused: {
    en: 'The browser did not open the camera. Allow it in the address bar and try again, or open a file instead.',
    zh: '浏览器没有打开摄像头。请在地址栏里允许使用摄像头后重试，或改为打开文件。',
  },
  none: {
    en: 'No camera was found. Open a file instead.',
    zh: '没有找到摄像头。请改为打开文件。',
  },
};

/** Asks for the camera, without sound. Whoever gets the stream stops its tracks. */
export async function openCamera(): Promise<MediaStream | NoCamera> {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  try {
    if (!devices?.getUserMedia) return 'none';
    return await devices.getUserMedia({
      video: { width: { ideal: 960 }, facingMode: 'environment' },
      audio: false,
    });
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotFoundError' ? 'none' : 'refused';
  }
}
