/// Defines a group of named words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $word:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Debug, ::serde::Deserialize, ::serde::Serialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $($(#[$meaning])* pub $word: String,)+
        }

        impl $name {
            /// All the words in the group.
            pub fn all(&self) -> Vec<&str> {
                vec![$(self.$word.as_str()),+]
            }
        }
    };
}

pub(super) use words;
