use super::args::BuildArguments;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// `build`: checks an evaluation and makes its reports.
pub(super) fn build(_arguments: &BuildArguments, _terminal: &mut Terminal) -> Result<Exit, Failure> {
    Err(Failure::usage("not yet"))
}
