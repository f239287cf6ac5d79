use serde_json::{Value, json};

use crate::client::{Answer, start};

/// What a scanner reads in the picture, and how wide it is.
fn scan(answer: &Answer) -> (String, u32) {
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/png")));
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&answer.body));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let picture = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((picture.width, picture.color_type), (picture.height, png::ColorType::Grayscale));

    let side = picture.width as usize;
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
    let codes = picture.detect_grids();
    assert_eq!(codes.len(), 1);
    (codes[0].decode().unwrap().1, side as u32)
}

#[test]
fn the_picture_of_a_scene_is_the_scene() {
    let client = start();
    let scene = "appId=2&signinKey=19";
    let request = json!({
        "scene": scene, "page": "pages/index/index", "check_path": false, "env_version": "release", "width": 280,
    });
    assert_eq!(scan(&client.post("/api/Wechat/2/WXACodeGetUnlimited", request)), (scene.to_owned(), 280));
}

#[test]
fn the_picture_of_a_path_is_the_path() {
    let client = start();
    for key in ["19", "0123456789abcdef0123456789abcdef"] {
        let path = format!("pages/index/index?appId=2&signinKey={key}");
        let request = json!({"path": path, "width": 431});
        assert_eq!(scan(&client.post("/api/Wechat/2/WXACodeGet", request)), (path, 431));
    }
    let longest = "p".repeat(1024);
    assert_eq!(scan(&client.post("/api/Wechat/2/WXACodeGet", json!({"path": longest}))).0, longest);
}

#[test]
fn a_width_out_of_bounds_is_brought_into_them() {
    let client = start();
    for (asked, given) in [(json!(1), 280), (json!(-5), 280), (json!(1_000_000), 1280), (Value::Null, 430)] {
        let request = json!({"scene": "s", "width": asked});
        assert_eq!(scan(&client.post("/api/Wechat/2/WXACodeGetUnlimited", request)).1, given);
    }
}

#[test]
fn a_scene_that_wechat_refuses_is_an_error_labelled_as_a_picture() {
    let client = start();
    let fits = "s".repeat(32);
    assert_eq!(scan(&client.post("/api/Wechat/2/WXACodeGetUnlimited", json!({"scene": fits}))).0, fits);
    for scene in
        ["s".repeat(33), "appId=2&signinKey=0123456789abcdef0123456789abcdef".into(), "场景".into(), "a b".into()]
    {
        let answer = client.post("/api/Wechat/2/WXACodeGetUnlimited", json!({"scene": scene}));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/jpeg")));
        assert_eq!(answer.json()["errcode"], 40169);
        assert!(answer.json()["errmsg"].as_str().unwrap().starts_with("invalid length for scene"));
    }
    let answer = client.post("/api/Wechat/2/WXACodeGet", json!({"path": "p".repeat(1025)}));
    assert_eq!((answer.header("content-type"), &answer.json()["errcode"]), (Some("image/jpeg"), &40159.into()));
}
