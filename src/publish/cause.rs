use serde::{Deserialize, Serialize};

/// Why a report is remade, or differs from the one before. Plans, summaries, comparisons and corrections all use these,
/// and manifests store their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The last run does not have the report.
    New,
    /// Every report was to be made.
    Forced,
    /// The last run could not make the report.
    Failed,
    /// The last run's file is missing or has been altered.
    Lost,
    /// Areas sent different answers.
    #[serde(alias = "submission")]
    Answers,
    /// Figures about others that the report prints changed.
    Figures,
    /// The settings, the register or the questionnaire changed: names, titles, questions, rules.
    #[serde(alias = "words")]
    Settings,
    /// The templates of its kind, or the wording of the evaluation, changed.
    Templates,
    /// The theme changed: colours, sizes, headers and footers.
    Style,
    /// The fonts changed.
    Fonts,
    /// The program changed.
    Engine,
    /// Nothing known about the two reports explains the difference.
    Unknown,
}

impl Cause {
    /// The causes that a comparison of two runs can find.
    pub const OF_DIFFERENCES: [Self; 7] = [
        Self::Answers,
        Self::Settings,
        Self::Templates,
        Self::Style,
        Self::Fonts,
        Self::Engine,
        Self::Unknown,
    ];

    /// Its name in files and filters.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Forced => "forced",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::Answers => "answers",
            Self::Figures => "figures",
            Self::Settings => "settings",
            Self::Templates => "templates",
            Self::Style => "style",
            Self::Fonts => "fonts",
            Self::Engine => "engine",
            Self::Unknown => "unknown",
        }
    }

    /// The cause in words, as in "3 reports: the theme changed".
    pub fn words(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Forced => "every report was to be made",
            Self::Failed => "the last run could not make them",
            Self::Lost => "the last run's file is missing or has been altered",
            Self::Answers => "answers changed",
            Self::Figures => "figures for other areas changed",
            Self::Settings => "settings, names or questions changed",
            Self::Templates => "the templates or the wording changed",
            Self::Style => "the theme changed",
            Self::Fonts => "the fonts changed",
            Self::Engine => "the program changed",
            Self::Unknown => "no known cause",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_files_are_those_in_filters_and_earlier_names_are_still_read() {
        for cause in Cause::OF_DIFFERENCES.into_iter().chain([
            Cause::New,
            Cause::Forced,
            Cause::Failed,
            Cause::Lost,
            Cause::Figures,
        ]) {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.name());
        }
        let read = |name: &str| serde_json::from_value::<Cause>(name.into()).unwrap();
        assert_eq!((read("submission"), read("words")), (Cause::Answers, Cause::Settings));
    }
}
