use super::ownership::unspaced;
use super::{Claim, Doubt};
use crate::model::Answer;

/// Reads the CSV file of a submission back: every row must be of the report's own area, and all free text be there.
///
/// # Errors
/// Returns every doubt.
pub fn prove_csv(bytes: &[u8], claim: Claim<'_>) -> Result<(), Vec<Doubt>> {
    let doubt = |problem: String| Doubt { page: None, problem };
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let headings = reader.headers().cloned().unwrap_or_default();
    let column = |heading: &str| headings.iter().position(|found| found == heading);
    let data = &claim.words.data;
    let (Some(code), Some(answer)) = (column(&data.area_code), column(&data.answer)) else {
        return Err(vec![doubt("the CSV file lacks the columns of areas and answers".to_owned())]);
    };
    let own = claim.evaluation.subject_code(claim.subject);
    let (mut doubts, mut answers, mut rows) = (Vec::new(), String::new(), 0);
    for row in reader.records() {
        let Ok(row) = row else {
            return Err(vec![doubt("a row of the CSV file cannot be read".to_owned())]);
        };
        if row.get(code) != Some(own.as_str()) {
            doubts.push(doubt(format!("a row of the CSV file is not of {own}")));
        }
        // An answer that is too long for one row goes on in the next.
        answers.push_str(row.get(answer).unwrap_or_default());
        rows += 1;
    }
    if rows < claim.model.content.entries().len() {
        doubts.push(doubt("the CSV file lacks questions".to_owned()));
    }
    let answers = unspaced(&answers);
    for (_, answer) in claim.submission.iter().flat_map(|submission| submission.iter()) {
        if let Answer::Text(text) = answer
            && !answers.contains(&unspaced(text))
        {
            doubts.push(doubt("the CSV file lacks free text".to_owned()));
        }
    }
    doubts.sort();
    doubts.dedup();
    if doubts.is_empty() { Ok(()) } else { Err(doubts) }
}
