//! Plain text cut at its line ends and blank lines into the pieces that become blocks.

use according_nlp::Span;

/// What the first mark of a piece says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// It is an item of a list.
    Item,
    /// It is quoted, by `>` or by its indentation.
    Quoted,
}

/// A piece of text that no sentence leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where it stands, without white space around it.
    pub(super) span: Span,
    /// What its first mark says.
    pub(super) form: Form,
    /// Whether all its lines begin four columns in or more.
    indented: bool,
}

/// A line that is not blank.
struct Line {
    span: Span,
    /// Columns of white space before it.
    indent: usize,
    /// Whether a blank line (or nothing) stands before it.
    after_blank: bool,
    /// Whether its first character is a lower-case letter.
    lower: bool,
    form: Form,
}

/// Cuts `text` into pieces.
///
/// Most texts have one paragraph a line. Where lines go on in the middle of sentences the
/// text was wrapped at some column; then blank lines, indentation and lines that end early
/// separate the paragraphs.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let lines = lines(text);
    let wrap = wrap(text, &lines);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last: Option<&Line> = None;
    for line in &lines {
        let goes_on =
            last.zip(wrap.as_ref()).is_some_and(|(l, w)| continues(text, l, line, w));
        let indented = line.indent >= 4;
        match pieces.last_mut() {
            Some(piece) if goes_on => {
                piece.span = piece.span.cover(line.span);
                piece.indented &= indented;
            }
            _ => pieces.push(Piece { span: line.span, form: line.form, indented }),
        }
        last = Some(line);
    }
    // Indentation is a quotation only where the rest of the text is not indented.
    let n_indented = pieces.iter().filter(|p| p.indented).count();
    if 3 * n_indented <= pieces.len() {
        for piece in pieces.iter_mut().filter(|p| p.indented && p.form == Form::Plain) {
            piece.form = Form::Quoted;
        }
    }
    pieces
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut after_blank = true;
    let mut start = 0;
    let ends = |c: char| {
        matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    for raw in text.split(ends) {
        let content = raw.trim();
        let at = start + (raw.len() - raw.trim_start().len());
        // A carriage return before a line feed makes an empty piece but no blank line.
        let between = text[..start].ends_with('\r') && text[start..].starts_with('\n');
        start += raw.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
        if content.is_empty() {
            after_blank |= !between;
            continue;
        }
        let indent =
            raw.chars().take_while(|c| c.is_whitespace()).map(columns).sum::<usize>();
        lines.push(Line {
            span: Span::new(at, at + content.len()),
            indent,
            after_blank,
            lower: content.starts_with(char::is_lowercase),
            form: form(content),
        });
        after_blank = false;
    }
    lines
}

fn columns(space: char) -> usize {
    if space == '\t' { 8 } else { 1 }
}

fn form(line: &str) -> Form {
    let mut chars = line.chars();
    match chars.next() {
        Some('>') => Form::Quoted,
        Some(mark @ ('•' | '◦' | '▪' | '‣' | '●' | '■' | '·' | '*' | '-' | '–' | '~'))
            // A mark at both ends sets a heading apart.
            if chars.next().is_some_and(char::is_whitespace)
                && !line.trim_end_matches('.').ends_with(mark) =>
        {
            Form::Item
        }
        Some(c) if c.is_ascii_digit() => {
            // "1. The ferry", "12) The ferry", but not "1.5 metres" or "2018. The ferry".
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let mut mark = rest.chars();
            let is_mark = matches!(mark.next(), Some('.' | ')'));
            let short = line.len() - rest.len() <= 2;
            if short && is_mark && mark.next().is_some_and(char::is_whitespace) {
                Form::Item
            } else {
                Form::Plain
            }
        }
        _ => Form::Plain,
    }
}

/// How a text was wrapped.
struct Wrap {
    /// Characters on a full line.
    width: usize,
    /// Columns of white space before a line in the middle of a paragraph.
    indent: usize,
}

/// How the lines were wrapped, if they were.
fn wrap(text: &str, lines: &[Line]) -> Option<Wrap> {
    let joins =
        || lines.windows(2).filter(|w| !w[1].after_blank && w[1].form == Form::Plain);
    let carried_on = || joins().filter(|w| w[1].lower);
    // A paragraph seldom begins with a small letter; a wrapped line mostly does.
    if carried_on().count() * 4 < joins().count() {
        return None;
    }
    let width = median(carried_on().map(|w| n_chars(text, &w[0])))?;
    let indent = median(carried_on().map(|w| w[1].indent))?;
    let n_long = lines.iter().filter(|l| n_chars(text, l) > width + 15).count();
    let fits = (40..=140).contains(&width) && 10 * n_long <= lines.len();
    fits.then_some(Wrap { width, indent })
}

fn median(numbers: impl Iterator<Item = usize>) -> Option<usize> {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied()
}

fn n_chars(text: &str, line: &Line) -> usize {
    text[line.span].chars().count()
}

/// Whether `next` goes on with the paragraph of `line`.
fn continues(text: &str, line: &Line, next: &Line, wrap: &Wrap) -> bool {
    if next.after_blank || next.form == Form::Item {
        return false;
    }
    if next.form == Form::Quoted || line.form == Form::Quoted {
        return next.form == line.form;
    }
    let indented = next.indent > wrap.indent && line.form != Form::Item;
    let word = text[next.span].split_whitespace().next().map_or(0, |w| w.chars().count());
    // A line may end some columns early in the middle of a sentence, hardly so after it.
    let closed = text[line.span].ends_with(['.', '!', '?', '"', '”', '’', ':']);
    let slack = if closed { 0 } else { 8 };
    let had_room = n_chars(text, line) + 1 + word + slack <= wrap.width;
    next.lower || !indented && !had_room
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(&str, Form)> {
        pieces(text).iter().map(|p| (&text[p.span], p.form)).collect()
    }

    #[test]
    fn one_paragraph_a_line() {
        let text = "Ferry burns\r\n\r\nTwo men were held.\nThe police said so.\r\n\r\n";
        let plain = |t| (t, Form::Plain);
        assert_eq!(
            cut(text),
            ["Ferry burns", "Two men were held.", "The police said so."].map(plain)
        );
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let text = "Ferry burns in harbour\nBy Ann Doe\n\n\
            The ferry burnt for three hours on Monday before the crew of a tug could\n\
            put the fire out, the harbour master said.\n\
            Two men were held over the fire, and a third was asked to come to the\n\
            station, he said.\n\n   \
            - one item of a list that is so long that it has to be wrapped at the\n     \
            same column\n   - another\n";
        let pieces = cut(text);
        let starts: Vec<_> = pieces.iter().map(|(t, _)| &t[..8]).collect();
        assert_eq!(
            starts,
            ["Ferry bu", "By Ann D", "The ferr", "Two men ", "- one it", "- anothe"]
        );
        assert_eq!(pieces[4].1, Form::Item);
    }

    #[test]
    fn paragraphs_with_hanging_indentation() {
        let text = "The ferry burnt for three hours on Monday before the crew of a tug could\n        \
            put the fire out.\n        \
            Two men were held over the fire, and a third was asked to come to the\n        \
            station on Tuesday.\n        \
            He did not come.";
        let starts: Vec<_> = cut(text).iter().map(|(t, _)| &t[..6]).collect();
        assert_eq!(starts, ["The fe", "Two me", "He did"]);
    }

    #[test]
    fn quoted_blocks() {
        let text = "He wrote:\n\n    The ferry was never safe.\n\nNobody read it.\n\
            > An answer.\n\nAnother line.\n";
        let forms: Vec<_> = pieces(text).iter().map(|p| p.form).collect();
        assert_eq!(
            forms,
            [Form::Plain, Form::Quoted, Form::Plain, Form::Quoted, Form::Plain]
        );
    }

    #[test]
    fn numbers_that_open_a_line() {
        assert_eq!(form("1. The ferry"), Form::Item);
        assert_eq!(form("12) The ferry"), Form::Item);
        assert_eq!(form("1.5 metres"), Form::Plain);
        assert_eq!(form("2018. The ferry"), Form::Plain);
        assert_eq!(form("-30-"), Form::Plain);
    }
}
