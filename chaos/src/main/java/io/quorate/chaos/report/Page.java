package io.quorate.chaos.report;

import com.fasterxml.jackson.core.type.TypeReference;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.TemplateException;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import freemarker.template.TemplateNumberModel;
import io.quorate.chaos.history.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * The page, as the templates beside this class write it from a {@link PageModel}. They see maps,
 * lists, texts and numbers only, and each text is escaped where it is written. The page fetches
 * nothing and runs no script but its own: its content security policy names that one by its hash,
 * so that a task's name that got through the escaping would still be inert.
 */
final class Page {
  private static final Configuration TEMPLATES = templates();

  private Page() {}

  /**
   * The whole page.
   *
   * @param data what its script draws, as {@link PageData} gives it
   */
  static String html(PageModel model, String data) {
    String script =
        List.of("view.js", "timeline.js", "charts.js").stream()
            .map(Page::resource)
            .collect(Collectors.joining("\n", "(() => {\n'use strict';\n", "\nstart();\n})();\n"));
    Map<String, Object> values = Json.MAPPER.convertValue(model, new TypeReference<>() {});
    values.put("data", data);
    values.put("script", script);
    values.put("scriptHash", sha256(script));
    StringWriter page = new StringWriter();
    try {
      TEMPLATES.getTemplate("page.ftlh").process(values, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TemplateException e) {
      throw new IllegalStateException("the report's templates do not fit its model", e);
    }
    return page.toString();
  }

  private static Configuration templates() {
    Configuration all = new Configuration(Configuration.VERSION_2_3_34);
    all.setClassForTemplateLoading(Page.class, "");
    all.setDefaultEncoding(StandardCharsets.UTF_8.name());
    all.setLocale(Locale.ROOT);
    all.setNumberFormat("c");
    all.setObjectWrapper(new VisibleText());
    all.setSharedVariable("count", method(Text::count));
    all.setSharedVariable("duration", method(Text::duration));
    all.setSharedVariable("moment", method(Text::moment));
    all.setSharedVariable("size", method(Text::size));
    return all;
  }

  private static TemplateMethodModelEx method(LongFunction<String> text) {
    return arguments ->
        text.apply(((TemplateNumberModel) arguments.get(0)).getAsNumber().longValue());
  }

  /** Shows a control character, which HTML cannot have, as the sign for what cannot be shown. */
  private static final class VisibleText extends SimpleObjectWrapper {
    private VisibleText() {
      super(Configuration.VERSION_2_3_34);
    }

    @Override
    public TemplateModel wrap(Object value) throws TemplateModelException {
      return super.wrap(
          value instanceof String text
              ? text.replaceAll("[\\x00-\\x1f&&[^\\n\\t]]", "\ufffd")
              : value);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
