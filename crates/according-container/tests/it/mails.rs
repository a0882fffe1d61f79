use according_container::Media;

use crate::make::{all, places, text, whole};

const ALERT: &str = "Message-ID: <a1@wire.example>\r\nFrom: =?utf-8?q?Meridian_Wire?= <alerts@wire.example>\r\n\
To: desk@herald.example\r\nSubject: =?utf-8?b?U25vdyBpbiBSw7hyb3M=?=\r\n\
Date: Tue, 05 Mar 2024 10:00:00 +0100\r\nList-Unsubscribe: <https://wire.example/off>\r\n\
MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
It snowed in R=F8ros, the mayor said, and it will =\r\nsnow again.\r\n\
--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
PHA+SXQgc25vd2VkIGluIFLDuHJvcywgdGhlIG1heW9yIHNhaWQuPC9wPg==\r\n--b--\r\n";

#[test]
fn a_message_is_its_text_with_what_its_header_says() {
    let found = whole("a.eml", ALERT);
    let [alert] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(alert.title.as_deref(), Some("Snow in Røros"));
    assert_eq!(alert.id.as_deref(), Some("a1@wire.example"));
    assert_eq!(
        alert.outlet.as_deref(),
        Some("Meridian Wire"),
        "who sends to a list publishes"
    );
    assert_eq!(alert.published.as_deref(), Some("2024-03-05T10:00:00+01:00"));
    assert_eq!(alert.body.media, Media::Text);
    assert!(
        text(alert)
            .starts_with("It snowed in Røros, the mayor said, and it will snow again.")
    );

    let letter = ALERT.replace("List-Unsubscribe: <https://wire.example/off>\r\n", "");
    let letter = &whole("", letter)[0];
    assert_eq!(
        (letter.outlet.as_deref(), letter.byline.as_slice()),
        (None, &["Meridian Wire".to_owned()][..])
    );
}

#[test]
fn html_is_taken_where_the_plain_text_is_an_excuse() {
    let excuse = "See the online version.\r\n";
    let page = "<html><style>p { color: red }</style><p>It snowed in Lenz, the mayor said on Tuesday evening.</p></html>";
    let mail = format!(
        "From: a@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\n{excuse}--b\r\nContent-Type: text/html\r\n\r\n{page}\r\n--b--\r\n"
    );
    assert_eq!(whole("m.eml", mail)[0].body.media, Media::Html);
}

#[test]
fn a_mailbox_is_its_messages_and_what_is_attached_to_them() {
    let message = |n: u32| {
        format!(
            "From x@y Tue Mar  5 10:00:00 2024\nFrom: A <a@b.example>\nSubject: S{n}\nMessage-ID: <{n}@x>\n\nNo {n}.\n\n>From Lenz it is far.\nFrom here it is not.\n\n"
        )
    };
    let broken = "From x@y Tue Mar  5 10:00:00 2024\n\n\n";
    let forward = "From x@y Tue Mar  5 10:00:00 2024\nFrom: F <f@b.example>\nSubject: Fwd\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n\
        --b\nContent-Type: message/rfc822\n\nFrom: Wire <w@b.example>\nSubject: Inner\n\nIt snowed.\n--b--\n\n";
    let mailbox = [&message(1), broken, &message(3), forward, &message(5)].concat();
    let found = all("box", mailbox.clone());
    assert_eq!(
        places(&found),
        [
            "box#message=1",
            "! box#message=2: is a message without text",
            "box#message=3",
            "box#message=4",
            "box#message=4#attached=1",
            "box#message=5",
        ]
    );
    assert!(
        text(found[0].as_ref().unwrap()).contains("\nFrom Lenz it is far.\nFrom here")
    );
    let inner = found[4].as_ref().unwrap();
    assert_eq!(
        (inner.title.as_deref(), text(inner).trim()),
        (Some("Inner"), "It snowed.")
    );
    for end in 0..mailbox.len() {
        all("box.mbox", &mailbox.as_bytes()[..end]);
    }
}
