package io.quorate.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A source file as javac's parser sees it.
 *
 * @param file the name to show
 * @param text what is in it
 * @param unit its syntax tree
 * @param docs gives the documentation comments of the tree
 */
record JavaSource(String file, String text, CompilationUnitTree unit, DocTrees docs) {

  /** Parses files, given as pairs of a name and a text, without looking at what they import. */
  static List<JavaSource> parse(List<NamedText> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, files);
    try {
      DocTrees docs = DocTrees.instance(task);
      List<JavaSource> sources = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        String name = unit.getSourceFile().toUri().getPath().substring(1);
        String text = unit.getSourceFile().getCharContent(true).toString();
        sources.add(new JavaSource(name, text, unit, docs));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the package's name, or an empty text. */
  String packageName() {
    return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
  }

  /** Returns the file's name without its folder. */
  String fileName() {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** Returns the number of the line on which something begins; its documentation is before that. */
  long firstLine(Tree tree) {
    return line(positions().getStartPosition(unit, tree));
  }

  /** Returns the number of the line on which something ends. */
  long lastLine(Tree tree) {
    return line(positions().getEndPosition(unit, tree));
  }

  /** Says where something is, as {@code file:line}. */
  String place(Tree tree) {
    return file + ":" + firstLine(tree);
  }

  private long line(long position) {
    LineMap lines = unit.getLineMap();
    return position < 0 ? 0 : lines.getLineNumber(position);
  }

  private SourcePositions positions() {
    return docs.getSourcePositions();
  }

  /** The text of a file, with the name to show. */
  static final class NamedText extends SimpleJavaFileObject {
    private final String text;

    NamedText(String name, String text) {
      super(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    @Override
    public boolean isNameCompatible(String simpleName, JavaFileObject.Kind kind) {
      return true;
    }
  }
}
