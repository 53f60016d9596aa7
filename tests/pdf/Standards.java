import java.io.File;
import java.util.List;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Holds PDF files against PDF/A-3a and PDF/UA-1 with the veraPDF engine.
 *
 * <p>usage: Standards FILE.pdf... Ends with 0 when every file keeps to both, 1 when one does not, 2 when one could not be
 * read.
 */
public final class Standards {
  private static final List<PDFAFlavour> BOTH = List.of(PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1);
  /** Problems that are printed of one file. */
  private static final int LISTED = 20;

  public static void main(String[] files) {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    int broken = 0;
    for (String file : files) {
      for (PDFAFlavour flavour : BOTH) {
        try {
          broken += keeps(file, flavour) ? 0 : 1;
        } catch (Exception unreadable) {
          System.out.printf("%s: %s could not be checked: %s%n", file, flavour.getId(), unreadable);
          System.exit(2);
        }
      }
    }
    System.out.printf("%d files, PDF/A-3a and PDF/UA-1 by the veraPDF engine: %d failures%n", files.length, broken);
    System.exit(broken == 0 && files.length > 0 ? 0 : 1);
  }

  private static boolean keeps(String file, PDFAFlavour flavour) throws Exception {
    try (var parser = Foundries.defaultInstance().createParser(new File(file), flavour);
        var validator = Foundries.defaultInstance().createValidator(flavour, LISTED, false, true, false)) {
      ValidationResult result = validator.validate(parser);
      Stream<TestAssertion> failed =
          result.getTestAssertions().stream().filter(test -> test.getStatus() == TestAssertion.Status.FAILED);
      failed.limit(LISTED).forEach(test -> System.out.printf("%s: %s %s-%d: %s (%s)%n", file, flavour.getId(),
          test.getRuleId().getClause(), test.getRuleId().getTestNumber(), test.getMessage(),
          test.getLocation().getContext()));
      // A profile that holds nothing against a file has not looked at it.
      return result.isCompliant() && result.getTotalAssertions() > 0;
    }
  }
}
