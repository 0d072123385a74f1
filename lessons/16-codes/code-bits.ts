/** Bits and bytes of a picture that is written as codes. @param codes how many the codebook has */
export function bitsOf(places: number, codes: number): { each: number; bits: number; bytes: number } {
  const each = Math.ceil(Math.log2(codes));
  return { each, bits: places * each, bytes: (places * each) / 8 };
}
