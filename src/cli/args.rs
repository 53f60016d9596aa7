use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

/// Turns a folder of survey submissions into a customised PDF report for every local area.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done; 1 done, but the data have errors; 2 wrong command, evaluation or template; \
                  3 a system error (disk, permissions); 4 a defect of the program, or a report that could \
                  not be proved; 5 another run is being made in the same folder; 130 or 143 stopped by somebody."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check an evaluation and make the local reports
    Build(BuildArguments),
    /// Read everything and list every problem, without making a report
    Check(CheckArguments),
    /// Make a demonstration evaluation with made-up answers
    Demo(DemoArguments),
    /// Read a run again from the disk: every file, every hash, one set of aggregates
    Verify(VerifyArguments),
    /// Check, build, verify, compare with the approved run and prune, and print what staff want to know in the morning
    Nightly(NightlyArguments),
    /// Make one report again whenever a template or an answer is saved
    Watch(WatchArguments),
    /// Say what differs between two runs, folders or PDFs, why, and what to look at first
    Diff(DiffArguments),
    /// Approve the reports of a run: all, by group of changes, by area or region, or as decided on the page for reviewers
    Approve(ApproveArguments),
    /// Reject reports of a run
    Reject(RejectArguments),
    /// Say that reports of a run are not to be sent, for example because they could not be made
    Withdraw(RejectArguments),
    /// Send approved reports to their recipients: rehearse first, then replay
    Send(SendArguments),
    /// List who got what and when
    Deliveries(DeliveriesArguments),
    /// Read messages that came back, and mark the deliveries that they are about
    Bounces(BouncesArguments),
    /// Print the words of a PDF, section by section
    Text(TextArguments),
    /// List the last runs of an evaluation
    Status(RunsArguments),
    /// Remove old runs, by the rule in evaluation.toml
    Prune(PruneArguments),
}

/// From what reports are made, and where they go.
#[derive(Clone, Debug, Args)]
pub(super) struct Making {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// Folder for the runs [default: build/NAME-OF-THE-EVALUATION]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Reports made at the same time [default: one for each processor]
    #[arg(long, value_name = "N", overrides_with = "jobs")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Use these report templates instead of those in the program
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
    /// How the program tells itself, when it begins anew, which reports took too much: CODE=WHY
    #[arg(long = "give-up", hide = true)]
    pub(super) given_up: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    #[command(flatten)]
    pub(super) making: Making,
    #[command(flatten)]
    pub(super) choice: Choice,
    /// Say which reports would be made and why, and make none
    #[arg(long)]
    pub(super) plan: bool,
    /// Make every report, also those that would be the same as in the run before
    #[arg(long)]
    pub(super) force: bool,
    /// Take over the reports that a killed run had finished
    #[arg(long)]
    pub(super) resume: bool,
}

#[derive(Debug, Args)]
pub(super) struct NightlyArguments {
    #[command(flatten)]
    pub(super) making: Making,
    /// Mail what is printed to `notify` of [mail] in evaluation.toml
    #[arg(long, conflicts_with = "json")]
    pub(super) notify: bool,
}

#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// The area whose report is made: its code or its name
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: String,
    /// Watch and use these report templates instead of those in the program
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Folder for the report, which goes into `watch/` there [default: build/NAME-OF-THE-EVALUATION]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Open the report when it is made for the first time
    #[arg(long)]
    pub(super) open: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing differs; 1 something does; 2 one of the two cannot be compared."
)]
pub(super) struct DiffArguments {
    /// A run, a folder with PDFs, or a PDF; alone: an evaluation or its folder of runs, to compare `approved` with `latest`
    pub(super) old: PathBuf,
    /// What it is compared with
    pub(super) new: Option<PathBuf>,
    #[command(flatten)]
    pub(super) filter: Filter,
    /// Most groups that are listed; 0 for all
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub(super) max_groups: usize,
    /// Write the page for reviewers here [default: reviews/OLD..NEW.html beside the runs, when both are runs of one folder]
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

/// Which changes, when not all.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// Compare the reports of this area only: its code or its name; may be given more than once
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Compare the reports of this region only; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(super) region: Vec<String>,
    /// List the groups only that have a figure of this measure
    #[arg(long, value_name = "ID")]
    pub(super) measure: Vec<String>,
    /// List the groups only that have this cause
    #[arg(long, value_name = "CAUSE", value_parser = clap::builder::PossibleValuesParser::new(crate::review::Cause::NAMES))]
    pub(super) cause: Vec<String>,
}

/// The run that is decided on, and by whom.
#[derive(Debug, Args)]
pub(super) struct Deciding {
    /// A run folder; or an evaluation or its folder of runs, for `latest`
    pub(super) run: PathBuf,
    /// The reviewer's name [default: `reviewer` of [review] in evaluation.toml]
    #[arg(long = "as", value_name = "NAME")]
    pub(super) reviewer: Option<String>,
    /// Decide on the reports of this area: its code or its name; may be given more than once
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Decide on the reports of this region; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(super) region: Vec<String>,
    /// Decide on this group of changes since `approved`, by the id that `diff` tells; may be given more than once
    #[arg(long, value_name = "ID")]
    pub(super) group: Vec<String>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ApproveArguments {
    #[command(flatten)]
    pub(super) deciding: Deciding,
    /// Record the decisions that were exported from the page for reviewers
    #[arg(long, value_name = "FILE", conflicts_with_all = ["area", "region", "group", "note"])]
    pub(super) from: Option<PathBuf>,
    /// A note to keep with the verdicts
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RejectArguments {
    #[command(flatten)]
    pub(super) deciding: Deciding,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(super) why: String,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Name and password for the server come from AREA_REPORTS_SMTP_NAME and AREA_REPORTS_SMTP_PASSWORD, or from the \
                  file 'credentials' of [mail] in evaluation.toml.\n\n\
                  Exit codes: 0 all that was planned was taken by the server, now or before; 1 something was stopped, \
                  refused, or nobody knows; 2 wrong command, no plan, or made-up answers; 3 the server or the ledger cannot be used; \
                  5 somebody else is sending."
)]
pub(super) struct SendArguments {
    /// A run folder; or an evaluation or its folder of runs, for `latest`
    pub(super) run: PathBuf,
    /// The evaluation folder that the run was made from [default: RUN, when it is one]
    #[arg(long, value_name = "DIR")]
    pub(super) evaluation: Option<PathBuf>,
    /// Plan every message, write them all as files, and send none
    #[arg(long)]
    pub(super) rehearse: bool,
    /// Send the planned messages to this address instead of their recipients, and record nothing
    #[arg(long, value_name = "ADDRESS", requires = "rehearse")]
    pub(super) catch_all: Option<String>,
    /// What was refused or came back before, and nothing else
    #[arg(long)]
    pub(super) failed: bool,
    /// What the messages say besides
    #[arg(long, value_name = "TEXT", requires = "rehearse")]
    pub(super) note: Option<String>,
    /// Record what became of messages of which nobody knows
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["rehearse", "failed"])]
    pub(super) resolve: Option<Resolution>,
    /// With --resolve: the messages of this area only, by its code or its name; may be given more than once
    #[arg(long, value_name = "CODE|NAME", requires = "resolve")]
    pub(super) area: Vec<String>,
    /// Use these message templates instead of those in the program
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

/// What somebody found out about a message.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Resolution {
    /// The recipient has it, or the server's log says so
    Accepted,
    /// It never arrived: it may be sent again
    NotAccepted,
}

#[derive(Debug, Args)]
pub(super) struct DeliveriesArguments {
    #[command(flatten)]
    pub(super) runs: RunsArguments,
    /// Only those in this state; may be given more than once
    #[arg(long, value_name = "STATE", value_parser = clap::builder::PossibleValuesParser::new(crate::deliver::State::words()))]
    pub(super) state: Vec<String>,
    /// Only those of this area: its code or its name; may be given more than once
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Print comma-separated values, with whole addresses
    #[arg(long, conflicts_with = "json")]
    pub(super) csv: bool,
}

#[derive(Debug, Args)]
pub(super) struct BouncesArguments {
    /// A message, an mbox file, or a folder of messages (Maildir)
    pub(super) messages: PathBuf,
    #[command(flatten)]
    pub(super) runs: RunsArguments,
}

#[derive(Debug, Args)]
pub(super) struct TextArguments {
    /// The PDF
    pub(super) file: PathBuf,
}

/// The runs of an evaluation.
#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// Folder with the runs [default: build/NAME-OF-THE-EVALUATION]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct PruneArguments {
    #[command(flatten)]
    pub(super) runs: RunsArguments,
    /// How many runs stay [default: `keep` of [runs] in evaluation.toml]
    #[arg(long, value_name = "N")]
    pub(super) keep: Option<NonZeroUsize>,
    /// Say which runs would go, and remove none
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// The output folder of an evaluation: the one that is named, else one in `build/`.
pub(super) fn out(named: Option<&Path>, evaluation: &Path) -> PathBuf {
    let id = || crate::read::id_of(evaluation);
    named.map_or_else(|| Path::new("build").join(id()), Path::to_owned)
}

impl Making {
    /// The output folder.
    pub(super) fn out(&self) -> PathBuf {
        out(self.out.as_deref(), &self.evaluation)
    }
}

impl RunsArguments {
    /// The output folder.
    pub(super) fn out(&self) -> PathBuf {
        out(self.out.as_deref(), &self.evaluation)
    }
}

/// Which reports, when not all.
#[derive(Debug, Args)]
pub(super) struct Choice {
    /// Make the reports of this area only: its code or its name; may be given more than once
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Make the reports of this region only; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(super) region: Vec<String>,
    /// Make the reports only that the last run could not make
    #[arg(long)]
    pub(super) failed: bool,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// List every published figure beside what the answers say
    #[arg(long)]
    pub(super) published: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// The folder to make; it must not exist or be empty
    pub(super) folder: PathBuf,
    /// How many areas completed the assessment
    #[arg(long, value_name = "N", default_value_t = crate::synthetic::real_size())]
    pub(super) areas: usize,
    /// Another seed gives other answers
    #[arg(long, value_name = "S", default_value_t = crate::synthetic::SEED)]
    pub(super) seed: u64,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The run folder, for example build/integrated-working-2008/latest
    pub(super) run: PathBuf,
    /// Make so many of its reports again, on one thread in an empty folder, and compare the bytes
    #[arg(long, value_name = "K", requires = "evaluation")]
    pub(super) rebuild: Option<NonZeroUsize>,
    /// The evaluation folder that the run was made from
    #[arg(long, value_name = "DIR")]
    pub(super) evaluation: Option<PathBuf>,
    /// The report templates that the run was made with, when they are not those in the program
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}
