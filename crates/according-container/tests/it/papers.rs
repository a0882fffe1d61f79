use crate::make::{all, text, whole};

/// A paper, written by hand.
pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
    pdf_with(pages, "", Vec::new())
}

/// With more resources for each page, and more objects, numbered on from the pages'.
fn pdf_with(pages: &[&str], resources: &str, more: Vec<String>) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> =
        (0..pages.len()).map(|i| format!("{} 0 R", 4 + 2 * i)).collect();
    objects.push(format!(
        "<< /Type /Pages /Kids [{}] /Count {} >>",
        kids.join(" "),
        pages.len()
    ));
    objects.push("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned());
    for (i, page) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R \
             /Resources << {resources} /Font << /F1 3 0 R >> >> >>",
            5 + 2 * i
        ));
        let stream = format!("BT /F1 12 Tf 72 720 Td ({page}) Tj ET");
        objects
            .push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
    objects.extend(more);
    let (mut file, mut offsets) = ("%PDF-1.4\n".to_owned(), Vec::new());
    for (i, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let table = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        file += &format!("{offset:010} 00000 n \n");
    }
    file += &format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

#[test]
fn a_paper_is_its_text_with_its_pages() {
    let found = &whole("p.pdf", pdf(&["It snowed in Lenz.", "The mayor said so."]))[0];
    let pages: Vec<_> = found
        .body
        .pages
        .iter()
        .map(|page| (page.number, text(found)[page.start..page.end].trim().to_owned()))
        .collect();
    assert_eq!(
        pages,
        [(1, "It snowed in Lenz.".to_owned()), (2, "The mayor said so.".to_owned())]
    );
}

#[test]
fn a_damaged_paper_is_named() {
    let whole = pdf(&["It snowed."]);
    for end in (0..whole.len()).step_by(37) {
        let found = all("p.pdf", &whole[..end]);
        assert!(found.iter().all(Result::is_err), "{end}");
    }
    for at in (9..whole.len()).step_by(11) {
        let mut damaged = whole.clone();
        damaged[at] = b'9';
        assert_eq!(all("p.pdf", damaged).len(), 1);
    }
    assert!(
        all("p.pdf", pdf(&[""]))[0]
            .as_ref()
            .unwrap_err()
            .contains("without a text layer")
    );
}

#[test]
fn a_page_that_cannot_be_read_costs_itself_alone() {
    // The second page draws with a font that is nowhere.
    let paper = String::from_utf8(pdf(&["One.", ") Tj /F9 12 Tf (x", "Three."])).unwrap();
    let found = all("p.pdf", paper);
    assert_eq!(found.len(), 2, "{found:?}");
    let document = found[0].as_ref().unwrap();
    let numbers: Vec<u32> = document.body.pages.iter().map(|page| page.number).collect();
    assert_eq!((numbers.as_slice(), text(document)), (&[1, 3][..], "One.\n\nThree."));
    assert_eq!(
        found[1].as_ref().unwrap_err(),
        "p.pdf#page=2: is a page that cannot be read"
    );
}

#[test]
fn drawings_that_draw_themselves_and_bombs_are_refused() {
    let drawing = |to: u32| {
        let names = "/X Do ".repeat(40);
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X {to} 0 R \
             >> >> /Length {} >>\nstream\n{names}\nendstream",
            names.len()
        )
    };
    let error = |bytes: Vec<u8>| all("p.pdf", bytes)[0].as_ref().unwrap_err().clone();
    let paper = |drawings: Vec<String>| {
        pdf_with(&[") Tj ET /X Do BT (x"], "/XObject << /X 6 0 R >>", drawings)
    };
    assert!(error(paper(vec![drawing(6)])).contains("a drawing that draws itself"));
    // 40 to the power of 19 times the last one.
    assert!(error(paper((7..27).map(drawing).collect())).contains("limit of 64 MiB"));
    let fine = "<< /Subtype /Form /Resources << /Font << /F1 3 0 R >> >> /Length 39 >>\nstream\n\
         BT /F1 12 Tf 72 600 Td (Drawn.) Tj ET  \nendstream";
    let found = whole("p.pdf", paper(vec![fine.to_owned()]));
    assert!(text(&found[0]).contains("Drawn."), "{found:?}");
    let picture =
        "<< /Subtype /Image /Width 1 /Height 1 /Length 7 >>\nstream\n(((}}>>\nendstream";
    assert_eq!(whole("p.pdf", paper(vec![picture.to_owned()])).len(), 1);

    let mut zeros =
        flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(9));
    std::io::Write::write_all(&mut zeros, &vec![b' '; 300 << 20]).unwrap();
    let zeros = zeros.finish().unwrap();
    let head = format!(
        "90 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\n",
        zeros.len()
    );
    let bomb =
        [b"%PDF-1.5\n", head.as_bytes(), &zeros, b"\nendstream\nendobj\n"].concat();
    assert!(error(bomb).contains("limit of 250 times"));
}
