import { toSVG } from 'bwip-js/node';

// ISO/IEC 18004 asks for four modules of white around the code. bwip-js draws a module two units wide for each step of the scale.
const SCALE = 4;
const QUIET_ZONE = 4 * SCALE;

/** A QR code of this text as SVG, black on white, with the white margin that scanners need. */
export function drawQr(text: string): string {
  return toSVG({
    ...{ bcid: 'qrcode', text, eclevel: 'M', scale: SCALE },
    ...{ paddingwidth: QUIET_ZONE, paddingheight: QUIET_ZONE, backgroundcolor: 'FFFFFF' },
  });
}
