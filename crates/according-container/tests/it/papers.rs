use crate::make::{all, text, whole};

/// A paper of two pages, written by hand.
pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
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
             /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * i
        ));
        let stream = format!("BT /F1 12 Tf 72 720 Td ({page}) Tj ET");
        objects
            .push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
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
