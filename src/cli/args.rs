use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args, Parser, Subcommand};

use super::choices::{Addresses, Filter, ReportChoice, formats, kinds};
use super::output::output;
use area_reports::model::{Format, Kind, Language};
use area_reports::publish::Output;

/// Turns a folder of survey submissions into a customised PDF report for every local area.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done; 1 done, but the data contains errors; 2 invalid command, evaluation or template; \
                  3 a system error (disk, permissions); 4 a defect in the program, or a report that \
                  failed its checks; 5 another run is being made in the same folder; 130 or 143 stopped with Ctrl-C or \
                  by the system."
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
    /// Reread a run from disk and check every file and hash, and that all reports use the same aggregates
    Verify(VerifyArguments),
    /// Check, build, verify, compare with the approved run and prune, then print a summary for staff
    Nightly(NightlyArguments),
    /// Remake one report whenever a template or an answer is saved
    Watch(WatchArguments),
    /// Show what differs between two runs, folders or PDFs, why, and what to look at first
    Diff(DiffArguments),
    /// Approve reports in a run: all, by group of changes, by area or region, or as decided on the page for reviewers
    Approve(ApproveArguments),
    /// Reject reports in a run
    Reject(RejectArguments),
    /// Record that reports in a run will not be sent, for example those that could not be made
    Withdraw(RejectArguments),
    /// Lift somebody else's rejection or withdrawal; this takes two reviewers
    Lift(RejectArguments),
    /// Set or remove the passphrases with which reviewers sign their verdicts
    Reviewer(ReviewerArguments),
    /// Send approved reports to their recipients: rehearse first, then send
    Send(SendArguments),
    /// List who got what and when
    Deliveries(DeliveriesArguments),
    /// Read messages that came back, and mark the deliveries they refer to as bounced
    Bounces(BouncesArguments),
    /// Remove a person from all records of recipients; they still get no report twice
    Forget(ForgetArguments),
    /// Print the text of a report, section by section
    Text(TextArguments),
    /// List the words of reports that are not translated, or exchange them with translators as a PO file
    Words(WordsArguments),
    /// List the most recent runs of an evaluation
    Status(StatusArguments),
    /// Remove old runs, following the rule in evaluation.toml
    Prune(PruneArguments),
}

/// What reports are made from, and where they go.
#[derive(Clone, Debug, Args)]
pub(super) struct Making {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// Folder for the runs [default: build/NAME-OF-THE-EVALUATION]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// How many reports to make at the same time [default: one for each processor]
    #[arg(long, value_name = "N", overrides_with = "jobs")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Use these report templates instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
    /// Reports that took too much, passed on when the program restarts itself: CODE=WHY
    #[arg(long = "give-up", hide = true)]
    pub(super) given_up: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    #[command(flatten)]
    pub(super) making: Making,
    #[command(flatten)]
    pub(super) choice: ReportChoice,
    /// Say which reports would be made and why, but make none
    #[arg(long)]
    pub(super) plan: bool,
    /// Make every report, even those that would be the same as in the previous run
    #[arg(long)]
    pub(super) force: bool,
    /// Reuse the reports that a killed run had finished
    #[arg(long)]
    pub(super) resume: bool,
}

#[derive(Debug, Args)]
pub(super) struct NightlyArguments {
    #[command(flatten)]
    pub(super) making: Making,
    /// Email the printed summary to the addresses in `notify`, under [mail] in evaluation.toml
    #[arg(long, conflicts_with = "json")]
    pub(super) notify: bool,
}

#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// The area to make the local report for, by code or name; or any report, such as national or regional/london
    #[arg(long, value_name = "AREA|REPORT")]
    pub(super) report: String,
    /// Make it in this format
    #[arg(long, value_name = "FORMAT", default_value = "standard", value_parser = formats())]
    pub(super) format: Format,
    /// Make it in this language, by its code [default: the language of the evaluation]
    #[arg(long, value_name = "CODE")]
    pub(super) language: Option<Language>,
    /// Watch and use these report templates instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Put the report in `watch/` in this folder [default: build/NAME-OF-THE-EVALUATION]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Open the report the first time it is made
    #[arg(long)]
    pub(super) open: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing differs; 1 something does; 2 the two cannot be compared.")]
pub(super) struct DiffArguments {
    /// A run, a folder of PDFs, or a PDF; or an evaluation or its folder of runs, to compare `approved` with `latest`
    pub(super) old: PathBuf,
    /// What to compare it with
    pub(super) new: Option<PathBuf>,
    #[command(flatten)]
    pub(super) filter: Filter,
    #[command(flatten)]
    pub(super) addresses: Addresses,
    /// Maximum number of groups to list; 0 for all
    #[arg(long, value_name = "N", default_value_t = 12)]
    pub(super) max_groups: usize,
    /// Write the page for reviewers here [default: reviews/OLD..NEW.html beside the runs, if both are in one folder]
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

/// The run to decide on, and who decides.
#[derive(Debug, Args)]
pub(super) struct Deciding {
    /// A run folder; or an evaluation or its folder of runs, to use its `latest`
    pub(super) run: PathBuf,
    /// The reviewer's name, one of `reviewers` in [review] of evaluation.toml [default: the only one]
    #[arg(long = "as", value_name = "NAME")]
    pub(super) reviewer: Option<String>,
    /// Apply the verdict to the reports for this area, by code or name; can be repeated
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Apply the verdict to the reports for this region; can be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) region: Vec<String>,
    /// Apply the verdict only to reports of this kind; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds(), conflicts_with = "group")]
    pub(super) kind: Vec<Kind>,
    /// Apply the verdict to this group of changes since `approved`, by the id that `diff` shows; can be repeated
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
    /// Record the decisions that a reviewer signed on the page for reviewers
    #[arg(long, value_name = "FILE", conflicts_with_all = ["area", "region", "kind", "group", "note", "reviewer"])]
    pub(super) from: Option<PathBuf>,
    /// A note to keep with the verdicts
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// Approve reports for their recipients of today as well, although others were to receive them before
    #[arg(long, conflicts_with = "from")]
    pub(super) recipients: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "A passphrase is asked for at the terminal, or comes from AREA_REPORTS_PASSPHRASE.")]
pub(super) struct ReviewerArguments {
    #[command(subcommand)]
    pub(super) command: ReviewerCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReviewerCommand {
    /// Set the passphrase of a reviewer, who types it
    Add {
        /// The reviewer's name, as in `reviewers` in [review] of evaluation.toml
        name: String,
    },
    /// Remove the passphrase of a reviewer, for example because it was forgotten
    Remove {
        /// The reviewer's name
        name: String,
    },
    /// List who has a passphrase
    List,
}

#[derive(Debug, Args)]
pub(super) struct RejectArguments {
    #[command(flatten)]
    pub(super) deciding: Deciding,
    /// The reason for the decision
    #[arg(long, value_name = "TEXT")]
    pub(super) why: String,
}

#[derive(Debug, Args)]
#[command(after_help = "The name and password for the server come from AREA_REPORTS_SMTP_NAME and \
                  AREA_REPORTS_SMTP_PASSWORD, or from the file named by 'credentials', under [mail] in \
                  evaluation.toml.\n\n\
                  Exit codes: 0 the server has accepted everything planned, in this or an earlier attempt; \
                  1 a message was held back or refused, or its outcome is unknown; 2 invalid command, no plan, or made-up \
                  answers; 3 the server or the ledger cannot be used; 5 somebody else is sending.")]
#[command(group(clap::ArgGroup::new("of_areas").args(["catch_all", "resolve"])))]
pub(super) struct SendArguments {
    /// A run folder; or an evaluation or its folder of runs, to use its `latest`
    pub(super) run: PathBuf,
    /// The evaluation folder that the run was made from [default: RUN, if it is one]
    #[arg(long, value_name = "DIR")]
    pub(super) evaluation: Option<PathBuf>,
    /// Plan every message and write them all as files, but send none
    #[arg(long)]
    pub(super) rehearse: bool,
    /// Send the planned messages to `catch-all` in [mail] of evaluation.toml instead of their recipients
    #[arg(long, requires = "rehearse")]
    pub(super) catch_all: bool,
    #[command(flatten)]
    pub(super) addresses: Addresses,
    /// Send the approved reports of this run although it is not the one that `approved` points to
    #[arg(long)]
    pub(super) not_the_approved_run: bool,
    /// Plan only the messages that were refused or bounced
    #[arg(long)]
    pub(super) failed: bool,
    /// A note to add to every message
    #[arg(long, value_name = "TEXT", requires = "rehearse")]
    pub(super) note: Option<String>,
    /// Record what became of messages with an unknown outcome
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["rehearse", "failed"])]
    pub(super) resolve: Option<Resolution>,
    /// With --catch-all or --resolve: only the messages of this area, by code or name; can be repeated
    #[arg(long, value_name = "CODE|NAME", requires = "of_areas")]
    pub(super) area: Vec<String>,
    /// Use these message templates instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

/// What somebody found out about a message.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Resolution {
    /// The recipient has it, or the server's log shows that it was accepted
    Accepted,
    /// It never arrived, and may be sent again
    NotAccepted,
}

#[derive(Debug, Args)]
pub(super) struct DeliveriesArguments {
    #[command(flatten)]
    pub(super) runs: RunsArguments,
    /// List only deliveries in this state; can be repeated
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(area_reports::deliver::State::words()))]
    pub(super) state: Vec<String>,
    /// List only deliveries for this area, by code or name; can be repeated
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// List only deliveries of reports of this kind; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds())]
    pub(super) kind: Vec<Kind>,
    /// Add to a ledger that was lost, or is an older copy, what the vault knows was sent
    #[arg(long, conflicts_with_all = ["state", "area", "kind", "csv"])]
    pub(super) restore: bool,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    pub(super) csv: bool,
    #[command(flatten)]
    pub(super) addresses: Addresses,
}

#[derive(Debug, Args)]
pub(super) struct BouncesArguments {
    /// A message, an mbox file, or a folder of messages (Maildir)
    pub(super) messages: PathBuf,
    #[command(flatten)]
    pub(super) runs: RunsArguments,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing in the output folder has the address any more; 1 something still has it, \
                  because somebody wrote it there; 2 recipients.csv still has it."
)]
pub(super) struct ForgetArguments {
    /// The person's address
    pub(super) address: String,
    #[command(flatten)]
    pub(super) runs: RunsArguments,
}

#[derive(Debug, Args)]
pub(super) struct TextArguments {
    /// The report: a PDF, a web page or plain text
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("exchange").required(true).args(["missing", "export", "import"])))]
pub(super) struct WordsArguments {
    /// The evaluation folder, for the words of its questionnaire and its own wording as well
    pub(super) evaluation: Option<PathBuf>,
    /// List the words that are not translated into this language, or whose translation nobody has read
    #[arg(long, value_name = "CODE")]
    pub(super) missing: Option<Language>,
    /// Print all words, with their translations into this language, as a PO file
    #[arg(long, value_name = "CODE")]
    pub(super) export: Option<Language>,
    /// Take the translations of a PO file into the templates and the evaluation; its name begins with the code: cy.po
    #[arg(long, value_name = "FILE", requires = "templates")]
    pub(super) import: Option<PathBuf>,
    /// Use these report templates instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct StatusArguments {
    #[command(flatten)]
    pub(super) runs: RunsArguments,
    /// Keep running, and record the decisions that reviewers put into `reviews/inbox` as they arrive
    #[arg(long, conflicts_with = "json")]
    pub(super) watch: bool,
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
    /// How many runs to keep [default: `keep` in [runs] of evaluation.toml]
    #[arg(long, value_name = "N")]
    pub(super) keep: Option<NonZeroUsize>,
    /// Say which runs would be removed, but remove none
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl Making {
    /// The output folder.
    pub(super) fn output(&self) -> Output {
        output(self.out.as_deref(), &self.evaluation)
    }
}

impl RunsArguments {
    /// The output folder.
    pub(super) fn output(&self) -> Output {
        output(self.out.as_deref(), &self.evaluation)
    }
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The evaluation folder
    pub(super) evaluation: PathBuf,
    /// List every published figure beside the one calculated from the answers
    #[arg(long)]
    pub(super) published: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// The folder to create; it must not exist yet, or must be empty
    pub(super) folder: PathBuf,
    /// Number of areas that complete the assessment
    #[arg(long, value_name = "N", default_value_t = area_reports::synthetic::real_size())]
    pub(super) areas: usize,
    /// Seed for the made-up answers: a different seed gives different answers
    #[arg(long, value_name = "S", default_value_t = area_reports::synthetic::SEED)]
    pub(super) seed: u64,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// The run folder, for example build/integrated-working-2008/latest
    pub(super) run: PathBuf,
    /// Remake this many of its reports, on one thread in an empty folder, and compare the bytes
    #[arg(long, value_name = "K", requires = "evaluation")]
    pub(super) rebuild: Option<NonZeroUsize>,
    /// The evaluation folder that the run was made from
    #[arg(long, value_name = "DIR")]
    pub(super) evaluation: Option<PathBuf>,
    /// The report templates that the run was made with, if not the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}
