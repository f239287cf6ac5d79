//! A QR code as a picture.

use qrcode::{Color, EcLevel, QrCode};

/// The blank border that scanners need around the code, in modules.
const BORDER: usize = 4;

/// A square picture in black and white, eight pixels to the byte, a set bit being white.
pub(crate) struct Picture {
    side: u32,
    rows: Vec<u8>,
}

impl Picture {
    /// The code of this text, `side` pixels wide, or wider if it has more modules than that; `None` if no QR code can
    /// hold so much.
    pub(crate) fn of(text: &str, side: u32) -> Option<Self> {
        let code =
            [EcLevel::M, EcLevel::L].iter().find_map(|level| QrCode::with_error_correction_level(text, *level).ok())?;
        let modules = code.width() + 2 * BORDER;
        let side = usize::try_from(side).ok()?.max(modules);
        let scale = side / modules;
        // What the scale leaves over widens the border evenly.
        let margin = (side - code.width() * scale) / 2;
        let colors = code.to_colors();
        let module =
            |pixel: usize| pixel.checked_sub(margin).map(|inside| inside / scale).filter(|&at| at < code.width());
        let is_dark = |x, y| match (module(x), module(y)) {
            (Some(x), Some(y)) => colors[y * code.width() + x] == Color::Dark,
            _ => false,
        };

        let row_length = side.div_ceil(8);
        let mut rows = vec![0xff; row_length * side];
        for y in 0..side {
            for x in (0..side).filter(|&x| is_dark(x, y)) {
                rows[y * row_length + x / 8] &= !(0x80 >> (x % 8));
            }
        }
        Some(Self { side: u32::try_from(side).ok()?, rows })
    }

    /// The picture as a PNG file.
    pub(crate) fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.side, self.side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().expect("writing to memory does not fail");
        writer.write_image_data(&self.rows).expect("the rows have the announced size");
        writer.finish().expect("writing to memory does not fail");
        file
    }
}
